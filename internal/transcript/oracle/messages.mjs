// Stands in for the functions by which Better Auth sends messages: what they are
// given is posted to a receiver, in the form of sallyport's webhook.
import { direct } from "./outbound.mjs";

const email = { channel: "email", recipient: (data) => data.user.email };

/** The options that send when they are true, by their place in the configuration. */
const senders = {
	"emailVerification.sendVerificationEmail": email,
	"emailAndPassword.sendResetPassword": email,
	"emailAndPassword.onExistingUserSignUp": email,
	"emailAndPassword.onPasswordReset": email,
	"user.changeEmail.sendChangeEmailConfirmation": email,
	"user.deleteUser.sendDeleteAccountVerification": email,
	"plugins.twoFactor.otpOptions.sendOTP": email,
};

/**
 * Puts a function in the place of every sender that is true. Without a receiver
 * it does nothing. settled waits until the receiver has whatever was sent.
 */
export function withSenders(config, receiver) {
	const pending = new Set();
	const sender = (event, { channel, recipient }) => async (data) => {
		if (!receiver) return;
		const post = direct(receiver, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ event, channel, recipient: recipient(data), data }),
		});
		pending.add(post);
		await post.finally(() => pending.delete(post));
	};
	const changed = structuredClone(config);
	for (const [place, kind] of Object.entries(senders)) {
		const path = place.split(".");
		const event = path.pop();
		const options = path.reduce((inner, name) => inner?.[name], changed);
		if (options?.[event] === true) options[event] = sender(event, kind);
	}
	return { config: changed, settled: () => Promise.all(pending) };
}
