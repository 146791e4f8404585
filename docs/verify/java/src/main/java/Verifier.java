import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.lang.UnresolvableKeyException;

/** Verifies the tokens of an identity server. It may be shared among threads. */
final class Verifier {
  private final JwtConsumer consumer;

  Verifier(String authUrl, String issuer, String audience) {
    HttpsJwks keys = new HttpsJwks(authUrl + "/api/auth/jwks");
    keys.setDefaultCacheDuration(300); // seconds; then the key set is fetched again
    keys.setRetainCacheOnErrorDuration(300); // while the server is away
    keys.setRefreshReprieveThreshold(5_000); // between fetches for unknown keys: strangers can name any
    consumer =
        new JwtConsumerBuilder()
            .setVerificationKeyResolver(new HttpsJwksVerificationKeyResolver(keys))
            // The server's default; never take it from the token.
            .setJwsAlgorithmConstraints(ConstraintType.PERMIT, "EdDSA")
            .setExpectedIssuer(issuer)
            .setExpectedAudience(audience)
            .setRequireExpirationTime()
            .setRequireSubject()
            .build();
  }

  /** Returns the claims of a valid token and throws for any other. */
  JwtClaims verify(String token) throws InvalidJwtException {
    return consumer.processToClaims(token);
  }

  /** Whether nothing is known about a refused token, because no key set could be fetched: answer 503. */
  static boolean hadNoKeys(InvalidJwtException refusal) {
    return refusal.getCause() instanceof UnresolvableKeyException cause && cause.getCause() != null;
  }
}
