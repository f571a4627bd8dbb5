import { AttendeeCalendarController } from "@calendar/views/attendee_calendar/attendee_calendar_controller";
import { AttendeeCalendarModel } from "@calendar/views/attendee_calendar/attendee_calendar_model";
import { useEffect, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { useDebounced } from "@web/core/utils/timing";
import { CalendarSidePanel } from "@web/views/calendar/calendar_side_panel/calendar_side_panel";
import { OutlookButton } from "../outlook_button/outlook_button";

/** Several meetings arrive within a breath: the calendar is read again once, in milliseconds. */
const RELOAD_DELAY = 300;

AttendeeCalendarController.components = { ...AttendeeCalendarController.components, OutlookButton };

patch(AttendeeCalendarController.prototype, {
    setup() {
        super.setup();
        const outlook = useState(useService("outlook_calendar"));
        const reload = useDebounced(() => this.model.load(), RELOAD_DELAY);
        // The first data is asked for after this, so it shows at least what this number counts.
        // News that come before it is drawn are found when it is.
        let drawn = outlook.news;
        useEffect(
            (news) => {
                if (news !== drawn) {
                    drawn = news;
                    reload();
                }
            },
            () => [outlook.news]
        );
    },

    /** The side panel has the button; where there is none, or it is folded, the header has it. */
    get isOutlookInHeader() {
        return this.env.isSmall || !this.hasSideBar || !this.showSideBar;
    },
});

CalendarSidePanel.components = { ...CalendarSidePanel.components, OutlookButton };

patch(CalendarSidePanel.prototype, {
    /** The panel serves calendars of everything; Outlook knows meetings only. */
    get hasOutlookButton() {
        return this.props.model instanceof AttendeeCalendarModel && !this.env.isSmall;
    },
});
