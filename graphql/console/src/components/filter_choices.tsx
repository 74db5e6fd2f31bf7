import { Dialog, ListBox, ListBoxItem, Popover, type Selection } from "react-aria-components";
import type { FilterProperties } from "./filter_bar";
import css from "./filter_bar.module.css";
import type { OpenAt } from "./menu_button";
import menu from "./menu.module.css";

type Properties = FilterProperties<string> & OpenAt;

/** What a filter offers, loaded when the first one opens. */
export function FilterChoices({ label, options, selected, onChange, isSingle = false, trigger, onClose }: Properties) {
  const choose = (chosen: Selection) => {
    onChange(chosen === "all" ? options.map(({ id }) => id) : [...chosen].map(String));
    if (isSingle) onClose();
  };
  return (
    <Popover isOpen triggerRef={trigger} onOpenChange={(isOpen) => !isOpen && onClose()} className={menu.popover!} placement="bottom start">
      <Dialog aria-label={label} className={css.choices!}>
        <ListBox
          className={menu.menu!}
          aria-label={label}
          autoFocus
          escapeKeyBehavior="none"
          items={options}
          selectionMode={isSingle ? "single" : "multiple"}
          selectedKeys={selected}
          onSelectionChange={choose}
        >
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.name} className={menu.item!}>
              <bdi>{option.name}</bdi>
            </ListBoxItem>
          )}
        </ListBox>
      </Dialog>
    </Popover>
  );
}
