import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const inState = (state) => `.o_outlook_button[data-state='${state}'] button`;

const says = (words) => ({
    content: `read: ${words}`,
    trigger: `.modal .o_field_widget[name='summary']:contains('${words}')`,
});

const isMailed = (words) => ({
    content: `read who is mailed: ${words}`,
    trigger: `.modal .o_field_widget[name='mail_note']:contains('${words}')`,
});

const choose = (value) => ({
    content: `choose: ${value}`,
    trigger: `.modal .o_outlook_choice input[data-value='${value}']`,
    run: "click",
});

/** The preview opens by itself, and again by the button; its numbers follow the choice. */
tours.add("outlook_calendar_preview", {
    steps: () => [
        {
            content: "the dialog opened by itself",
            trigger: ".modal:contains('Nothing was changed yet')",
        },
        says("New from Outlook: 1 meeting."),
        says("Sent to Outlook, without guests: 1 meeting. Nobody is mailed."),
        says("Upcoming, with guests: 2 meetings."),
        says("Over, with guests: 1 meeting."),
        isMailed("Nobody is mailed"),
        {
            content: "the meetings can be looked at",
            trigger: ".modal .o_field_widget[name='with_guests_ids']:contains('Interview')",
        },
        {
            content: "how many people a choice mails stands beside it",
            trigger: ".modal .o_outlook_choice:has([data-value='send']):contains('2 people are mailed')",
        },
        choose("send"),
        isMailed("2 people are mailed"),
        {
            content: "rather decide later",
            trigger: ".modal footer button:contains('Later')",
            run: "click",
        },
        {
            content: "the button asks again",
            trigger: inState("preview"),
            run: "click",
        },
        choose("new"),
        isMailed("Nobody is mailed"),
        choose("leave"),
        says("Upcoming, with guests: 2 meetings."),
        {
            content: "confirm",
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "the first round is on its way; the background would do this work",
            trigger: inState("syncing"),
            run: () => rpc("/outlook_calendar/sync", { wait: true }),
        },
        {
            content: "it has come",
            trigger: inState("synced"),
        },
        {
            content: "and the calendar shows what it brought, without reloading",
            trigger: ".o_calendar_view .fc-event:contains('Lunch')",
        },
    ],
});

/** A meeting that is not in Outlook says so, and can be sent. */
tours.add("outlook_calendar_send", {
    steps: () => [
        {
            content: "the form says that the meeting is not in Outlook",
            trigger: ".o_form_view:contains('This meeting is not in Outlook.')",
        },
        {
            content: "ask to send it",
            trigger: ".o_form_view button[name='action_outlook_send']",
            run: "click",
        },
        {
            content: "the number of people comes first",
            trigger: ".modal h2:contains('2 people are mailed')",
        },
        {
            content: "the meeting is listed",
            trigger: ".modal .o_field_widget[name='sendable_ids']:contains('Board')",
        },
        {
            content: "send",
            trigger: ".modal button[name='action_send']",
            run: "click",
        },
        {
            content: "it is on its way; the background would do this work",
            trigger: ".o_notification:contains('Sent to Outlook in a moment: 1 meeting.')",
            run: () => rpc("/outlook_calendar/sync", { wait: true }),
        },
        {
            content: "the form says so no more",
            trigger: "body:not(.modal-open) .o_form_view:not(:contains('not in Outlook'))",
        },
    ],
});
