/** @odoo-module **/

import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onWillUnmount, xml } from "@odoo/owl";

const INTERVAL = 1500;

/**
 * Keep the form of a reset up to date while the reset runs in the background. Shows nothing itself.
 */
export class OutlookResetProgress extends Component {
    static template = xml``;
    static props = { ...standardWidgetProps };

    setup() {
        this.timer = setInterval(() => this.refresh(), INTERVAL);
        onWillUnmount(() => clearInterval(this.timer));
    }

    async refresh() {
        if (this.props.record.data.state !== "running") {
            clearInterval(this.timer);
            return;
        }
        await this.props.record.load();
    }
}

registry.category("view_widgets").add("outlook_reset_progress", {
    component: OutlookResetProgress,
    fieldDependencies: [{ name: "state", type: "selection" }],
});
