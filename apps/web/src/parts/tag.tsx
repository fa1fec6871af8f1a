import styles from './tag.module.css';

/** A word in a pill. With `onPress` it is a button, whose name `label` gives. */
export function Tag({
  children,
  label,
  onPress,
}: {
  children: string;
  label?: string;
  onPress?: () => void;
}) {
  if (!onPress) return <span className={styles.tag}>{children}</span>;
  return (
    <button type="button" className={styles.tag} aria-label={label} onClick={onPress}>
      {children}
    </button>
  );
}
