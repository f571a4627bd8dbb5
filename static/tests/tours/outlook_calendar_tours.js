import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const SETTING = "#sync_outlook_calendar_setting";

const inState = (...states) =>
    states.map((state) => `.o_outlook_button[data-state='${state}'] button`).join(", ");

/** An administrator is led from the calendar to the settings, tries them out and saves. */
tours.add("outlook_calendar_configure", {
    steps: () => [
        {
            content: "The calendar has a button that is not set up",
            trigger: inState("unconfigured"),
            run: "click",
        },
        {
            content: "An administrator is led to the settings",
            trigger: ".modal button:contains('Open the settings')",
            run: "click",
        },
        {
            content: "Switch Outlook Calendar on",
            trigger: `${SETTING} [name='outlook_calendar_enabled'] input`,
            run: "click",
        },
        {
            content: "Enter the client id",
            trigger: `${SETTING} [name='outlook_calendar_client_id'] input`,
            run: "edit 11111111-2222-3333-4444-555555555555",
        },
        {
            content: "Enter a wrong secret",
            trigger: `${SETTING} [name='outlook_calendar_client_secret'] input`,
            run: "edit wrong",
        },
        {
            content: "Try it out",
            trigger: `${SETTING} button[name='action_outlook_calendar_test']`,
            run: "click",
        },
        {
            content: "Microsoft's answer is said in words",
            trigger: ".o_notification:contains('The Client Secret is wrong') .o_notification_close",
            run: "click",
        },
        {
            content: "Enter the right secret",
            trigger: `${SETTING} [name='outlook_calendar_client_secret'] input`,
            run: "edit sandbox~secret",
        },
        {
            content: "Try it out again",
            trigger: `${SETTING} button[name='action_outlook_calendar_test']`,
            run: "click",
        },
        {
            content: "Microsoft accepts it",
            trigger: ".o_notification:contains('Microsoft accepts')",
        },
        {
            content: "The secret is not shown any more",
            trigger: `${SETTING} [name='outlook_calendar_client_secret'] input[placeholder^='Saved']`,
            run() {
                if (this.anchor.value) {
                    throw new Error("The secret came back to the form");
                }
            },
        },
        {
            content: "The redirect URI is there to be copied",
            trigger: `${SETTING} [name='outlook_calendar_redirect_uri']:contains('/microsoft_account/authentication')`,
        },
        {
            content: "Save",
            trigger: "button.o_form_button_save",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The settings are saved",
            trigger: `${SETTING} [name='outlook_calendar_enabled'] input:checked`,
        },
    ],
});

/** A user who is no administrator is told whom to ask. */
tours.add("outlook_calendar_ask", {
    steps: () => [
        {
            content: "The calendar has a button that is not set up",
            trigger: inState("unconfigured"),
            run: "click",
        },
        {
            content: "A user is told to ask",
            trigger: ".modal:contains('Ask your administrator') .modal-footer button",
            run: "click",
        },
        { content: "And stays in the calendar", trigger: "body:not(.modal-open) .o_calendar_view" },
    ],
});

/** A user connects his mailbox, pauses, goes on, and disconnects. */
tours.add("outlook_calendar_connect", {
    steps: () => [
        {
            content: "Go to Microsoft, where a person accepts",
            trigger: inState("connect"),
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Back in the calendar one reads that it worked",
            trigger: ".o_notification:contains('Connected to anna@contoso.example')",
        },
        {
            content: "The button shows the connection and opens a menu",
            trigger: inState("syncing", "synced"),
            run: "click",
        },
        {
            content: "Which mailbox it is stands in the menu",
            trigger: ".o_outlook_menu .o_outlook_summary:contains('anna@contoso.example')",
        },
        { content: "Pause", trigger: ".o_outlook_menu .o_outlook_pause", run: "click" },
        { content: "Open the menu again", trigger: inState("paused"), run: "click" },
        { content: "Resume", trigger: ".o_outlook_menu .o_outlook_resume", run: "click" },
        { content: "Open the menu once more", trigger: inState("syncing", "synced"), run: "click" },
        { content: "Disconnect", trigger: ".o_outlook_menu .o_outlook_disconnect", run: "click" },
        {
            content: "It says what that means",
            trigger: ".modal:contains('All meetings stay') button:contains('Disconnect')",
            run: "click",
        },
        { content: "One can connect again", trigger: inState("connect") },
    ],
});

/** A user changes his mind on Microsoft's page. */
tours.add("outlook_calendar_cancel", {
    steps: () => [
        {
            content: "Go to Microsoft, where a person cancels",
            trigger: inState("connect"),
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Back in the calendar one reads the reason",
            trigger: ".o_notification:contains('The sign-in was cancelled')",
        },
        { content: "Nothing is connected", trigger: inState("connect") },
    ],
});

/** The button moves into the header when the side panel is folded. */
tours.add("outlook_calendar_folded", {
    steps: () => [
        {
            content: "The side panel has the button under the month",
            trigger: ".o_calendar_sidebar .o_datetime_picker + .o_outlook_button",
        },
        { content: "Fold the panel", trigger: ".o_sidebar_toggler button", run: "click" },
        {
            content: "The header has it now",
            trigger: ".o_calendar_header .o_outlook_button button",
        },
        { content: "Unfold the panel", trigger: ".o_sidebar_toggler button", run: "click" },
        {
            content: "There is only one",
            trigger: ".o_calendar_view:not(:has(.o_calendar_header .o_outlook_button)) .o_outlook_button",
        },
    ],
});

/** Phones have no side panel: the header has the button. */
tours.add("outlook_calendar_phone", {
    steps: () => [
        {
            content: "Open the menu from the header",
            trigger: `.o_calendar_header :is(${inState("syncing", "synced")})`,
            run: "click",
        },
        {
            content: "Which mailbox it is stands there",
            trigger: ".o_outlook_summary:contains('anna@contoso.example')",
        },
    ],
});
