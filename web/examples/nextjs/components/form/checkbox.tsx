import { useId } from "react";

interface Props {
  label: string;
  name: string;
  defaultChecked?: boolean;
  required?: boolean;
}

export function Checkbox({ label, ...input }: Props) {
  const id = useId();
  return (
    <div className="checkbox">
      <input {...input} id={id} type="checkbox" />
      <label htmlFor={id}>{label}</label>
    </div>
  );
}
