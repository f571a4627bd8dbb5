import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError, rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { session } from "@web/session";

/** While a round is under way its end is looked for after so many milliseconds, then ever later. */
const FIRST_LOOK = 1500;
const LONGEST_LOOK = 30000;

/** A status older than this many milliseconds is worth a round when a calendar is opened. */
const FRESH_ENOUGH = 60000;

/** How a sign-in ended is told while the page is still being loaded: it stays so long, in ms. */
const NOTICE_STAYS = 15000;

/**
 * How the connection to Outlook stands, for all calendars of this page.
 *
 * Nothing here waits for Microsoft: the server answers from its database, and rounds run in the
 * background. Each answer has a number, `news`, that moves when they brought something to this
 * user's calendar. The bus only says when to ask: whoever misses its message finds the number.
 */
export class OutlookCalendar {
    constructor({ action, orm, ui, visible, news }) {
        this.action = action;
        this.orm = orm;
        this.ui = ui;
        this.visible = visible;
        /** Calendars that were loaded at another number show something old. */
        this.news = news;
        /** The answer of the route, null until it is known. */
        this.status = null;
        this.lookTimer = null;
        this.lookDelay = FIRST_LOOK;
        this.questions = 0;
        this.answered = 0;
        /** Whether this page has asked by itself what is to be synchronized. */
        this.hasAsked = false;
    }

    /** Ask the server how things stand. */
    load() {
        return this.ask("/outlook_calendar/status", {}, { silent: true });
    }

    /** Ask while somebody looks at a calendar, where there is anything to learn. */
    async look() {
        if (this.visible && !document.hidden && this.status?.state !== "unconfigured") {
            await this.load();
        }
    }

    /**
     * Ask how things stand, and for a round if the last one was a while ago. Not while something is
     * wrong: a back-off is not cut short because somebody looks at his calendar.
     */
    async open() {
        await this.load();
        const { state, message, waiting } = this.status || {};
        if (state === "synced" && (!message || waiting) && this.isStale) {
            await this.ask("/outlook_calendar/sync", {}, { silent: true });
        }
    }

    /** Start the sign-in or a round; return the server's answer. */
    sync(returnPath) {
        return this.ask("/outlook_calendar/sync", { return_path: returnPath });
    }

    /** Run one of the account's actions: action_pause, action_resume, action_disconnect. */
    async steer(action) {
        await this.orm.call("outlook.account", action, [[this.status.account_id]]);
        await this.load();
    }

    /**
     * Show what the next round would do, and where that waits for a choice, let the user choose.
     * A mailbox in use is looked through first: the page waits, for some seconds at most.
     */
    async preview() {
        this.ui.block();
        let action;
        try {
            action = await this.orm.call("outlook.account", "action_preview", [
                [this.status.account_id],
            ]);
        } finally {
            this.ui.unblock();
        }
        await this.action.doAction(action, { onClose: () => this.load() });
    }

    /**
     * Ask by itself, once on each page, what is to be synchronized. Not over a dialog in which
     * somebody is at work: the next answer finds it closed.
     */
    async offer() {
        if (this.status.state !== "preview" || this.hasAsked || this.ui.activeElement !== document) {
            return;
        }
        this.hasAsked = true;
        await this.preview();
    }

    /** Show the deletions that wait for this user. */
    async showWaiting() {
        const action = await this.orm.call("outlook.account", "action_show_stop", [
            [this.status.account_id],
        ]);
        await this.action.doAction(action);
    }

    get isStale() {
        if (!this.status.last_sync) {
            return true;
        }
        const lastSync = luxon.DateTime.fromSQL(this.status.last_sync, { zone: "utc" });
        return luxon.DateTime.now().diff(lastSync).milliseconds > FRESH_ENOUGH;
    }

    async onChanged() {
        this.lookDelay = FIRST_LOOK;
        await this.load();
    }

    /**
     * Show the server's answer and return it. Answers may overtake each other: none is shown after
     * one that was asked for later. Silently asked, the answer is null where the server cannot be
     * reached: the page says so itself.
     */
    async ask(route, params, { silent = false } = {}) {
        const question = ++this.questions;
        try {
            const answer = await rpc(route, params, { silent });
            if (question > this.answered) {
                this.answered = question;
                this.show(answer);
            }
            return answer;
        } catch (error) {
            if (silent && error instanceof ConnectionLostError) {
                return null;
            }
            throw error;
        }
    }

    show(status) {
        this.status = status;
        this.news = status.news;
        browser.clearTimeout(this.lookTimer);
        if (status.state === "syncing") {
            this.lookTimer = browser.setTimeout(() => this.load(), this.lookDelay);
            this.lookDelay = Math.min(this.lookDelay * 2, LONGEST_LOOK);
        } else {
            this.lookDelay = FIRST_LOOK;
        }
    }
}

export const outlookCalendarService = {
    dependencies: ["action", "orm", "bus_service", "notification", "ui"],

    start(env, { action, orm, bus_service: bus, notification, ui }) {
        const { button = false, news = 0, notice = null } = session.outlook_calendar || {};
        if (notice) {
            notification.add(notice.message, {
                type: notice.kind,
                autocloseDelay: NOTICE_STAYS,
                sticky: ["warning", "danger"].includes(notice.kind),
            });
        }
        const outlook = reactive(new OutlookCalendar({ action, orm, ui, visible: button, news }));
        // Subscribed here and not in the constructor: only what changes through the reactive object
        // is drawn.
        bus.subscribe("outlook_calendar/changed", () => outlook.onChanged());
        return outlook;
    },
};

registry.category("services").add("outlook_calendar", outlookCalendarService);
