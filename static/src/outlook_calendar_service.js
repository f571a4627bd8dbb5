import { EventBus, reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError, rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { session } from "@web/session";

/** While a round is under way its end is looked for after so many milliseconds, then ever later. */
const FIRST_LOOK = 1500;
const LONGEST_LOOK = 30000;

/** A status older than this many milliseconds is worth a round when a calendar is opened. */
const FRESH_ENOUGH = 60000;

/**
 * How the connection to Outlook stands, for all calendars of this page.
 *
 * Nothing here waits for Microsoft: the server answers from its database, rounds run in the
 * background, and what they bring is announced on the bus.
 */
export class OutlookCalendar {
    constructor({ orm, visible }) {
        this.orm = orm;
        this.visible = visible;
        /** Sends "changed" when meetings came from Outlook. */
        this.bus = new EventBus();
        /** The answer of the route, null until it is known. */
        this.status = null;
        this.lookTimer = null;
        this.lookDelay = FIRST_LOOK;
        this.questions = 0;
    }

    /** Ask the server how things stand. */
    async load() {
        const question = ++this.questions;
        const status = await this.silently("/outlook_calendar/status");
        // Answers may overtake each other: the one that was asked for last is the newest.
        if (question === this.questions) {
            this.show(status);
        }
    }

    /**
     * Ask how things stand, and for a round if the last one was a while ago. Not while something is
     * wrong: a back-off is not cut short because somebody looks at his calendar.
     */
    async open() {
        await this.load();
        const { state, message } = this.status || {};
        if (state === "synced" && !message && this.isStale) {
            this.show(await this.silently("/outlook_calendar/sync"));
        }
    }

    /** Start the sign-in or a round; return the server's answer. */
    async sync(returnPath) {
        const answer = await rpc("/outlook_calendar/sync", { return_path: returnPath });
        this.show(answer);
        return answer;
    }

    /** Run one of the account's actions: action_pause, action_resume, action_disconnect. */
    async steer(action) {
        const ids = await this.orm.search("outlook.account", [["user_id", "=", user.userId]]);
        await this.orm.call("outlook.account", action, [ids]);
        await this.load();
    }

    get isStale() {
        if (!this.status.last_sync) {
            return true;
        }
        const lastSync = luxon.DateTime.fromSQL(this.status.last_sync, { zone: "utc" });
        return luxon.DateTime.now().diff(lastSync).milliseconds > FRESH_ENOUGH;
    }

    async onChanged(payload) {
        if (payload.events) {
            this.bus.trigger("changed");
        }
        this.lookDelay = FIRST_LOOK;
        await this.load();
    }

    show(status) {
        if (!status) {
            return;
        }
        this.status = status;
        browser.clearTimeout(this.lookTimer);
        if (status.state === "syncing") {
            this.lookTimer = browser.setTimeout(() => this.load(), this.lookDelay);
            this.lookDelay = Math.min(this.lookDelay * 2, LONGEST_LOOK);
        } else {
            this.lookDelay = FIRST_LOOK;
        }
    }

    /** Return the answer, or null where the server cannot be reached: the page says so itself. */
    async silently(route) {
        try {
            return await rpc(route, {}, { silent: true });
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return null;
            }
            throw error;
        }
    }
}

export const outlookCalendarService = {
    dependencies: ["orm", "bus_service", "notification"],

    start(env, { orm, bus_service: bus, notification }) {
        const { button = false, notice = null } = session.outlook_calendar || {};
        if (notice) {
            notification.add(notice.message, {
                type: notice.kind,
                sticky: ["warning", "danger"].includes(notice.kind),
            });
        }
        const outlook = reactive(new OutlookCalendar({ orm, visible: button }));
        // Subscribed here and not in the constructor: only what changes through the reactive object
        // is drawn.
        bus.subscribe("outlook_calendar/changed", (payload) => outlook.onChanged(payload));
        return outlook;
    },
};

registry.category("services").add("outlook_calendar", outlookCalendarService);
