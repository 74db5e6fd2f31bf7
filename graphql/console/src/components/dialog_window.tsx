import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button } from "./button";
import type { DialogProperties } from "./dialog";
import css from "./dialog.module.css";

/** The window of a dialog, loaded when the first is opened. */
export function DialogWindow({ title, onClose, isAlert = false, children }: DialogProperties) {
  const { t } = useLingui();
  return (
    <ModalOverlay isOpen isKeyboardDismissDisabled={!onClose} onOpenChange={(isOpen) => !isOpen && onClose?.()} className={css.overlay!}>
      <Modal className={css.modal!}>
        <AriaDialog className={css.dialog!} role={isAlert ? "alertdialog" : "dialog"}>
          <div className={css.head}>
            <Heading slot="title" level={2}>
              {title}
            </Heading>
            {onClose && (
              <Button kind="icon" aria-label={t`Close`} onPress={onClose}>
                <X aria-hidden />
              </Button>
            )}
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
