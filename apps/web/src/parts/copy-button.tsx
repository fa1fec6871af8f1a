import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { copyText } from './copy-text.ts';
import { RowButton } from './row-button.tsx';
import { useToast } from './use-toast.ts';

export interface CopyButtonProps {
  text: string;
  /** What it copies, for its accessible name: "short link". */
  what: string;
  variant?: 'primary' | 'quiet' | 'ghost';
  /** Default: the icon alone. */
  hasWord?: boolean;
  /** One of many, in a long list. */
  isInRow?: boolean;
}

/** Copies, shows a tick for a moment, and says so to who can't see it. */
export function CopyButton({
  text,
  what,
  variant = 'ghost',
  hasWord = false,
  isInRow = false,
}: CopyButtonProps) {
  const toasts = useToast();
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [isCopied]);

  async function copy() {
    const done = await copyText(text);
    setIsCopied(done);
    toasts.show(
      done
        ? { text: `Copied ${text}`, durationMs: 3_000 }
        : { kind: 'problem', text: `The browser did not allow copying. It is: ${text}` },
    );
  }

  const icon = isCopied ? Check : Copy;
  if (isInRow) return <RowButton icon={icon} label={`Copy ${what}`} onPress={() => void copy()} />;
  return (
    <Button
      variant={variant}
      icon={icon}
      onPress={() => void copy()}
      {...(!hasWord && { label: `Copy ${what}` })}
    >
      {hasWord && (isCopied ? 'Copied' : 'Copy')}
    </Button>
  );
}
