import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useExternalListener,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { AlertDialog, ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { session } from "@web/session";

/** "5 minutes ago" is said anew, and news are looked for, so often; in milliseconds. */
const TICK = 30000;

/** What the button looks like in each state of the route. */
const LOOKS = {
    unconfigured: { text: _t("Outlook"), icon: "fa-plug", hint: _t("Not set up yet") },
    connect: { text: _t("Outlook"), icon: "fa-plug", hint: _t("Connect your Outlook calendar") },
    reconnect: { text: _t("Reconnect Outlook"), icon: "fa-exclamation-triangle text-warning" },
    preview: {
        text: _t("Choose what to sync"),
        icon: "fa-list-ul text-info",
        hint: _t("Nothing is synchronized yet"),
    },
    paused: { text: _t("Outlook"), icon: "fa-pause text-warning", hint: _t("Paused") },
    syncing: { text: _t("Outlook"), icon: "fa-refresh fa-spin", hint: _t("Synchronizing…") },
    synced: { text: _t("Outlook"), icon: "fa-check text-success" },
};

/** Connect the calendar to Outlook, show how that stands, and steer it. */
export class OutlookButton extends Component {
    static template = "outlook_calendar.OutlookButton";
    static components = { Dropdown, DropdownItem };
    static props = {
        /** Only the button, as in the calendar's header. */
        isCompact: { type: Boolean, optional: true },
    };

    setup() {
        this.outlook = useState(useService("outlook_calendar"));
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.clock = useState({ now: luxon.DateTime.now(), isLeaving: false });
        onWillStart(() => {
            // Not awaited: the calendar is drawn without it.
            this.outlook.open();
        });
        const ticking = browser.setInterval(() => {
            this.clock.now = luxon.DateTime.now();
            this.outlook.look();
        }, TICK);
        onWillUnmount(() => browser.clearInterval(ticking));
        useExternalListener(document, "visibilitychange", () => this.outlook.look());
        useEffect(
            (status) => {
                if (status) {
                    this.outlook.offer();
                }
            },
            () => [this.outlook.status]
        );
    }

    get status() {
        return this.outlook.status;
    }

    get look() {
        return LOOKS[this.status.state];
    }

    /** A phone has room for the name only; the icon says the rest. */
    get text() {
        return this.env.isSmall ? _t("Outlook") : this.look.text;
    }

    get needsAttention() {
        return Boolean(this.status.message) && this.hasMenu;
    }

    get icon() {
        return this.needsAttention ? "fa-exclamation-triangle text-warning" : this.look.icon;
    }

    get buttonClass() {
        if (this.env.isSmall) {
            return "btn-sm gap-1 px-1";
        }
        return this.props.isCompact ? "gap-2" : "gap-2 w-100 justify-content-center";
    }

    /** Connected, whatever the state: then the button opens a menu. */
    get hasMenu() {
        return ["paused", "syncing", "synced", "reconnect"].includes(this.status.state);
    }

    get isPaused() {
        return this.status.state === "paused";
    }

    get mustSignIn() {
        return ["connect", "reconnect"].includes(this.status.state);
    }

    get lastSync() {
        if (!this.status.last_sync) {
            return this.status.state === "syncing" ? _t("First synchronization…") : "";
        }
        const at = deserializeDateTime(this.status.last_sync);
        const isNow = this.clock.now.diff(at, "seconds").seconds < 60;
        return isNow
            ? _t("Synchronized just now")
            : _t("Synchronized %s", at.toRelative({ base: this.clock.now }));
    }

    get hint() {
        return this.look.hint || this.lastSync;
    }

    get pending() {
        const count = this.status.pending;
        if (!count) {
            return "";
        }
        return count === 1 ? _t("1 change to send") : _t("%s changes to send", count);
    }

    get tooltip() {
        return this.status.message || [this.status.mailbox, this.hint].filter(Boolean).join(" · ");
    }

    async onClick() {
        if (this.status.state === "unconfigured") {
            this.explainSetUp();
        } else if (this.status.state === "preview") {
            await this.outlook.preview();
        } else {
            await this.signIn();
        }
    }

    async signIn() {
        const { pathname, search, hash } = browser.location;
        this.clock.isLeaving = true;
        try {
            const { url, message } = await this.outlook.sync(`${pathname}${search}${hash}`);
            if (url) {
                browser.location.assign(url);
                return;
            }
            if (message) {
                this.notification.add(message, { type: "danger", sticky: true });
            }
        } finally {
            this.clock.isLeaving = false;
        }
    }

    explainSetUp() {
        if (!user.isSystem) {
            this.dialog.add(AlertDialog, {
                title: _t("Outlook Calendar"),
                body: _t(
                    "Outlook Calendar is not set up yet. Ask your administrator of %(product)s to do so in the settings.",
                    { product: session.outlook_calendar.product }
                ),
            });
            return;
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Outlook Calendar"),
            body:
                this.status.message ||
                _t("Outlook Calendar is not set up yet. Do you want to do it now?"),
            confirmLabel: _t("Open the settings"),
            confirm: () => this.openSettings(),
            cancelLabel: _t("Not now"),
            cancel: () => {},
        });
    }

    openSettings() {
        return this.action.doAction("calendar.calendar_settings_action");
    }

    get isSystem() {
        return user.isSystem;
    }

    syncNow() {
        return this.outlook.sync();
    }

    preview() {
        return this.outlook.preview();
    }

    showWaiting() {
        return this.outlook.showWaiting();
    }

    pause() {
        return this.outlook.steer("action_pause");
    }

    resume() {
        return this.outlook.steer("action_resume");
    }

    disconnect() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Disconnect Outlook"),
            body: _t(
                "%(product)s and %(mailbox)s will no longer be kept in step. All meetings stay where they are, on both sides.",
                { product: session.outlook_calendar.product, mailbox: this.status.mailbox }
            ),
            confirmLabel: _t("Disconnect"),
            confirm: () => this.outlook.steer("action_disconnect"),
            cancelLabel: _t("Stay connected"),
            cancel: () => {},
        });
    }
}
