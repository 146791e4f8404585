import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;

/**
 * Verifies the tokens that it reads, one a line, and answers each as an API would: 200 with the user's id, 401, or 503.
 * Verifier.java is the part to copy.
 */
final class Main {
  public static void main(String[] args) throws IOException {
    String server = System.getenv("AUTH_URL");
    String issuer = System.getenv().getOrDefault("AUTH_ISSUER", server);
    Verifier verifier = new Verifier(server, issuer, System.getenv().getOrDefault("AUTH_AUDIENCE", issuer));
    BufferedReader tokens = new BufferedReader(new InputStreamReader(System.in));
    for (String token; (token = tokens.readLine()) != null; ) System.out.println(answer(verifier, token));
  }

  private static String answer(Verifier verifier, String token) {
    try {
      return "200 " + verifier.verify(token).getSubject();
    } catch (InvalidJwtException refusal) {
      return Verifier.hadNoKeys(refusal) ? "503" : "401 " + refusal.getErrorDetails();
    } catch (MalformedClaimException refusal) {
      return "401 " + refusal.getMessage();
    }
  }
}
