/** As the ref of something that appears: takes the focus there, so that keyboard and screen reader go on from it. */
export function focusOnMount(element: HTMLElement | null): void {
  element?.focus();
}
