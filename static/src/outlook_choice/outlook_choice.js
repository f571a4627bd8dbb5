import { registry } from "@web/core/registry";
import { RadioField, radioField } from "@web/views/fields/radio/radio_field";

/**
 * Radio buttons that say what each choice means, and how many people it mails.
 *
 * `hints` names a JSON field of the record: choice -> { text, mailed, mails }.
 */
export class OutlookChoiceField extends RadioField {
    static template = "outlook_calendar.OutlookChoiceField";
    static props = { ...RadioField.props, hints: String };

    hint(choice) {
        return this.props.record.data[this.props.hints]?.[choice] || {};
    }
}

registry.category("fields").add("outlook_choice", {
    ...radioField,
    component: OutlookChoiceField,
    supportedTypes: ["selection"],
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...radioField.extractProps(fieldInfo, dynamicInfo),
        hints: fieldInfo.options.hints,
    }),
});
