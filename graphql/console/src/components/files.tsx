import { type DragEvent, type ReactNode, useRef, useState } from "react";
import { Button } from "./button";

interface DropProperties {
  className: string | undefined;
  label: string;
  onFiles: (files: readonly File[]) => void;
  children: ReactNode;
}

/** Where files can be dropped; what stands in it says so, and offers another way. */
export function FileDrop({ className, label, onFiles, children }: DropProperties) {
  const [isOver, setIsOver] = useState(false);
  const over = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    onFiles([...event.dataTransfer.files]);
  };
  return (
    <div role="group" aria-label={label} className={className} data-drop-target={isOver || undefined} onDragOver={over} onDragLeave={() => setIsOver(false)} onDrop={drop}>
      {children}
    </div>
  );
}

interface ButtonProperties {
  kind?: "main" | "plain";
  /** Endings and types of what can be chosen. */
  accept?: string;
  isMany?: boolean;
  onFiles: (files: readonly File[]) => void;
  children: ReactNode;
}

/** A button that lets a person choose files. */
export function FileButton({ kind = "plain", accept, isMany = false, onFiles, children }: ButtonProperties) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={accept}
        multiple={isMany}
        onChange={({ target }) => {
          const files = [...(target.files ?? [])];
          // The same file can be chosen again.
          target.value = "";
          onFiles(files);
        }}
      />
      <Button kind={kind} onPress={() => input.current?.click()}>
        {children}
      </Button>
    </>
  );
}
