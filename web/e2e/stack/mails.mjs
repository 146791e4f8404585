import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

/** An SMTP server that keeps what it is sent. onMail, where given, sees every mail when it arrives. */
export async function receiveMails(onMail = () => {}) {
  const kept = [];
  const waiting = new Set();

  async function receive(stream, _session, done) {
    const parsed = await simpleParser(stream);
    const mail = { to: parsed.to.text.toLowerCase(), subject: parsed.subject, text: parsed.text, link: linkIn(parsed.text) };
    kept.push(mail);
    onMail(mail);
    done();
    waiting.forEach((look) => look());
  }

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, session, done) => receive(stream, session, done).catch(done),
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));

  server.server.unref(); // it keeps no process alive that has nothing else to do

  /** Takes the oldest mail to that address out, waiting for one where there is none. */
  function next(address) {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => settle(() => reject(new Error(`no mail to ${address}`))), 15_000);
      const settle = (end) => {
        clearTimeout(late);
        waiting.delete(look);
        end();
      };
      const look = () => {
        const at = kept.findIndex((mail) => mail.to === address.toLowerCase());
        if (at >= 0) settle(() => resolve(kept.splice(at, 1)[0]));
      };
      waiting.add(look);
      look();
    });
  }

  return { port: server.server.address().port, next, close: () => new Promise((done) => server.close(done)) };
}

const linkIn = (text) => text.match(/https?:\/\/\S+/)?.[0];
