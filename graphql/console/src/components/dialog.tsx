import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button } from "./button";
import css from "./dialog.module.css";

interface Properties {
  title: string;
  /** Left out: it can't be closed without an answer. */
  onClose?: () => void;
  /** For what can't be taken back: read out at once. */
  isAlert?: boolean;
  children: ReactNode;
}

/** A dialog over the page; Esc closes it. It is there as long as it is rendered. */
export function Dialog({ title, onClose, isAlert = false, children }: Properties) {
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
