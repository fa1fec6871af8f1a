import { Segments } from '../parts/segments.tsx';
import { TextField } from '../parts/text-field.tsx';
import { type Interval, type Preset, presets } from './chart-range.ts';
import styles from './range-picker.module.css';

export interface ChosenRange {
  preset: Preset | 'custom';
  /** Of `custom`. */
  first: string;
  last: string;
}

export interface RangePickerProps {
  chosen: ChosenRange;
  onChoose: (chosen: ChosenRange) => void;
  intervals: readonly Interval[];
  interval: Interval;
  onInterval: (interval: Interval) => void;
}

const intervalNames = { minute: 'Minutes', hour: 'Hours', day: 'Days' };

/** Which time is looked at, and what it is cut into. */
export function RangePicker({
  chosen,
  onChoose,
  intervals,
  interval,
  onInterval,
}: RangePickerProps) {
  return (
    <div className={styles.picker}>
      <Segments
        label="Range"
        choices={[...presets, { value: 'custom' as const, label: 'Custom' }]}
        value={chosen.preset}
        onChange={(preset) => onChoose({ ...chosen, preset })}
      />
      <Segments
        label="Interval"
        choices={intervals.map((value) => ({ value, label: intervalNames[value] }))}
        value={interval}
        onChange={onInterval}
      />
      {chosen.preset === 'custom' && (
        <div className={styles.days}>
          <TextField
            label="From"
            type="date"
            max={chosen.last}
            value={chosen.first}
            onChange={(first) => onChoose({ ...chosen, first })}
          />
          <TextField
            label="To"
            type="date"
            min={chosen.first}
            value={chosen.last}
            onChange={(last) => onChoose({ ...chosen, last })}
          />
        </div>
      )}
    </div>
  );
}
