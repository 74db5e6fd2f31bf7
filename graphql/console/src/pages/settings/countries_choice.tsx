import { Trans, useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { useMemo, useState } from "react";
import { Button as AriaButton, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Tag, TagGroup, TagList, Text } from "react-aria-components";
import fields from "../../components/fields.module.css";
import menu from "../../components/menu.module.css";
import { useFormats } from "../../language/formats";
import { COUNTRIES } from "./countries";
import css from "./settings.module.css";

interface Properties {
  chosen: string[];
  onChange: (chosen: string[]) => void;
  errors: readonly string[];
}

/** Countries to which no third party may carry data, by their names in the language of the reader. */
export function CountriesChoice({ chosen, onChange, errors }: Properties) {
  const { t, i18n } = useLingui();
  const { country } = useFormats();
  const [isChoosing, setIsChoosing] = useState(false);
  const all = useMemo(
    () => COUNTRIES.map((id) => ({ id, name: country(id) })).toSorted((one, other) => one.name.localeCompare(other.name, i18n.locale)),
    [country, i18n.locale],
  );
  const open = all.filter(({ id }) => !chosen.includes(id));
  return (
    <div className={fields.field}>
      <TagGroup onRemove={(keys) => onChange(chosen.filter((id) => !keys.has(id)))} className={css.tags!}>
        <Label>{t`Countries to which no third party may carry data`}</Label>
        <TagList className={css.list!} items={chosen.map((id) => ({ id, name: country(id) }))} renderEmptyState={() => <Trans>None: every country is allowed.</Trans>}>
          {({ id, name }) => (
            <Tag id={id} textValue={name} className={css.tag!}>
              <bdi>{name}</bdi>
              <AriaButton slot="remove" className={css.remove!} aria-label={t`Remove ${name}`}>
                <X aria-hidden />
              </AriaButton>
            </Tag>
          )}
        </TagList>
      </TagGroup>
      <ComboBox
        // Begins anew after each choice, where the person goes on typing.
        key={chosen.join(" ")}
        autoFocus={isChoosing}
        className={fields.field!}
        defaultItems={open}
        onSelectionChange={(key) => {
          if (key === null) return;
          setIsChoosing(true);
          onChange([...chosen, String(key)]);
        }}
      >
        <Label>{t`Forbid another country`}</Label>
        <Input autoComplete="off" />
        <Text slot="description" className={fields.hint!}>
          <Trans>What is stored there already is taken back, and third parties that would carry data there are stopped.</Trans>
        </Text>
        <Popover className={menu.popover!}>
          <ListBox className={menu.menu!}>
            {(one: (typeof open)[number]) => (
              <ListBoxItem id={one.id} textValue={one.name} className={menu.item!}>
                <bdi>{one.name}</bdi>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
      {errors.length > 0 && (
        <p role="alert" className={fields.error}>
          {errors.join(" ")}
        </p>
      )}
    </div>
  );
}
