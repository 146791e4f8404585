/** Another site that people can sign in with. The server's configuration knows it under the same id. */
export interface SocialProvider {
  id: string;
  name: string;
  /** Whether signing in there happens in a window of its own, beside the page. */
  popup: boolean;
}

// As their owners write them. What is missing here is written with a capital, or named in the environment.
const names: Record<string, string> = {
  credential: "Password",
  facebook: "Facebook",
  github: "GitHub",
  gitlab: "GitLab",
  google: "Google",
  huggingface: "Hugging Face",
  linkedin: "LinkedIn",
  paypal: "PayPal",
  tiktok: "TikTok",
  twitter: "X",
  vk: "VK",
  wechat: "WeChat",
};

/**
 * The providers of a list such as `github,google,acme=Acme Inc.`, in its order. The ones that `popups` names too open a
 * window. What is no id stops the start: its button could only fail.
 */
export function parseProviders(list: string, popups: string): SocialProvider[] {
  const opening = new Set(items(popups));
  const providers = items(list).map((item) => {
    const [id = "", name] = item.split("=", 2).map((part) => part.trim());
    if (!/^[\w.-]+$/.test(id)) throw new Error(`SOCIAL_PROVIDERS: "${item}" does not begin with the id of a provider.`);
    return { id, name: name || nameOf(id), popup: opening.delete(id) };
  });
  const [stray] = opening;
  if (stray) throw new Error(`SOCIAL_POPUPS: SOCIAL_PROVIDERS has no "${stray}".`);
  return providers;
}

/** The name of a login method, as `/list-accounts` tells them, for people. */
export function nameOf(id: string, providers: SocialProvider[] = []): string {
  const configured = providers.find((provider) => provider.id === id)?.name;
  return configured ?? (Object.hasOwn(names, id) ? names[id] : undefined) ?? id.charAt(0).toUpperCase() + id.slice(1);
}

function items(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
}
