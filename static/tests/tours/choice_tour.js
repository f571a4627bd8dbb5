import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Two guests proposed other times: a dialog names both, and one of them is accepted. */
tours.add("outlook_calendar_accept_proposal", {
    steps: () => [
        {
            content: "the form names both proposals",
            trigger: ".o_form_view [name='outlook_proposals']:contains('Bram')",
        },
        {
            content: "ask for the choice",
            trigger: ".o_form_view button[name='action_outlook_accept_proposal']",
            run: "click",
        },
        {
            content: "accept the one of the other guest",
            trigger:
                ".modal .o_data_row:contains('Carl') button[name='action_accept']",
            run: "click",
        },
        {
            content: "the dialog is gone, and the proposals with it",
            trigger: ".o_form_view:not(:has([name='outlook_proposals']:visible))",
        },
    ],
});

/** What looks like a double in Outlook is listed in the preview, and brought in from there. */
tours.add("outlook_calendar_bring_in", {
    steps: () => [
        {
            content: "open the button's menu",
            trigger: ".o_outlook_button[data-state='synced'] button",
            run: "click",
        },
        {
            content: "open the preview",
            trigger: ".o_outlook_preview_item",
            run: "click",
        },
        {
            content: "show what may be doubled",
            trigger: ".modal .nav-link[name='doubles_there']",
            run: "click",
        },
        {
            content: "bring it in",
            trigger: ".modal .o_data_row:contains('Copied') button[name='action_bring_in']",
            run: "click",
        },
        {
            content: "the next round would bring it; the background would do this work",
            trigger: ".modal:not(:has(.o_data_row:contains('Copied')))",
            run: () => rpc("/outlook_calendar/sync", { wait: true }),
        },
    ],
});
