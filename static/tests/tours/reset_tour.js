import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

const choice = (field, label) => ({
    content: `choose: ${label}`,
    trigger: `.modal .o_field_widget[name='${field}'] .o_radio_item:contains('${label}') input`,
    run: "click",
});

const calendarTab = {
    content: "open the Calendar tab",
    trigger: ".o_notebook .nav-link[name='calendar']",
    run: "click",
};

const resetButton = (label) => ({
    content: "open the dialog",
    trigger: `button[name='action_outlook_reset']:contains('${label}')`,
    run: "click",
});

const preferences = [
    {
        content: "open the user's menu",
        trigger: ".o_user_menu button",
        run: "click",
    },
    {
        content: "open the preferences",
        trigger: "[data-menu='preferences']",
        run: "click",
    },
    calendarTab,
];

/** A user resets the own connection in the preferences, and watches it happen. */
tours.add("outlook_calendar_reset_own", {
    url: "/odoo",
    steps: () => [
        ...preferences,
        {
            content: "the mailbox is shown",
            trigger: ".o_field_widget[name='outlook_mailbox']:contains('anna@contoso.example')",
        },
        resetButton("Reset Account"),
        {
            content: "by default nothing is deleted",
            trigger: ".modal .alert-info:contains('In Outlook nothing changes (1 meeting).')",
        },
        choice("delete_policy", "Delete from both"),
        choice("sync_policy", "Synchronize all existing events"),
        {
            content: "the numbers follow the choice",
            trigger: ".modal .alert-info:contains('Deleted in Outlook: 1 meeting.')",
        },
        {
            trigger: ".modal .alert-info:contains('Nobody is mailed.')",
        },
        {
            content: "confirm",
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "the progress is shown; the cron would do this work",
            trigger: ".modal:contains('being reset in the background')",
            run: () => rpc("/outlook_calendar/sync", { wait: true }),
        },
        {
            content: "the dialog refreshes itself",
            trigger: ".modal .alert-success:contains('The account was reset.')",
        },
        {
            trigger: ".modal .alert-success:contains('Deleted in Outlook: 1 meeting.')",
        },
        {
            content: "close the report",
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            content: "the preferences, a dialog as well, had made room for it",
            trigger: "body:not(:has(.modal))",
        },
        ...preferences,
        {
            content: "the account is signed out",
            trigger: ".o_field_widget[name='outlook_state']:contains('Not signed in')",
        },
    ],
});

/** An administrator resets the connection of somebody else; the test opens that user's form. */
tours.add("outlook_calendar_reset_other", {
    steps: () => [
        calendarTab,
        {
            content: "the mailbox is shown",
            trigger: ".o_field_widget[name='outlook_mailbox']:contains('anna@contoso.example')",
        },
        resetButton("Reset Account"),
        choice("delete_policy", "Delete from the current Microsoft Calendar account"),
        {
            trigger: ".modal .alert-info:contains('Deleted in Outlook: 1 meeting.')",
        },
        {
            content: "confirm",
            trigger: ".modal button[name='action_confirm']",
            run: "click",
        },
        {
            content: "the progress is shown",
            trigger: ".modal:contains('being reset in the background')",
        },
        {
            content: "leave it to the background",
            trigger: ".modal footer button:contains('Close')",
            run: "click",
        },
        {
            content: "the form says that it is under way",
            trigger: ".o_field_widget[name='outlook_state']:contains('Being reset')",
        },
    ],
});

/** The dialog in Vietnamese, word for word as in the users' guide. */
tours.add("outlook_calendar_reset_vietnamese", {
    url: "/odoo",
    steps: () => [
        ...preferences,
        resetButton("Đặt lại tài khoản"),
        {
            trigger: ".modal .o_form_label:contains('Sự kiện hiện có của người dùng')",
        },
        choice("delete_policy", "Giữ nguyên chúng"),
        choice("delete_policy", "Xóa khỏi tài khoản Lịch Microsoft hiện tại"),
        choice("delete_policy", "Xóa khỏi cả hai"),
        {
            trigger: ".modal .o_form_label:contains('Đồng bộ hóa tiếp theo')",
        },
        choice("sync_policy", "Chỉ đồng bộ hóa các sự kiện mới"),
        choice("sync_policy", "Đồng bộ hóa tất cả các sự kiện hiện có"),
        {
            content: "confirm",
            trigger: ".modal button[name='action_confirm']:contains('Xác nhận')",
            run: "click",
        },
        {
            content: "the progress is shown",
            trigger: ".modal:contains('Tài khoản đang được đặt lại')",
        },
        {
            trigger: ".modal footer button:contains('Đóng')",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal))",
        },
    ],
});
