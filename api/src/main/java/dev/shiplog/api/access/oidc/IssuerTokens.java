package dev.shiplog.api.access.oidc;

import dev.shiplog.api.access.Authenticator;
import dev.shiplog.api.access.Credentials;
import dev.shiplog.api.access.PendingAnswer;
import dev.shiplog.api.access.TokenCache;
import dev.shiplog.api.access.oidc.AuthenticationConfiguration.Jwt;
import dev.shiplog.api.remote.Webhooks;
import dev.shiplog.topics.journal.UserInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodeValidator;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.keys.resolvers.JwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;

/**
 * Knows senders by the tokens of one issuer. A token has to be signed by a key that the issuer
 * publishes, be for one of the audiences, and be in its time; then rules and mappings say who the
 * user is. Any thread.
 */
final class IssuerTokens implements Authenticator {

  private static final Logger LOG = Logger.getLogger(IssuerTokens.class);

  private static final int MOST_CACHED = 10_000;
  private static final Duration LONGEST_CACHED = Duration.ofMinutes(2);
  private static final int SKEW_SECONDS = 10;

  /** Signatures by key pairs alone; neither shared secrets nor none. */
  private static final String[] ALGORITHMS = {
    AlgorithmIdentifiers.RSA_USING_SHA256,
    AlgorithmIdentifiers.RSA_USING_SHA384,
    AlgorithmIdentifiers.RSA_USING_SHA512,
    AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
    AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
    AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
    AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
    AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
    AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512
  };

  private static final JwtConsumer UNVERIFIED =
      new JwtConsumerBuilder()
          .setSkipAllValidators()
          .setDisableRequireSignature()
          .setSkipSignatureVerification()
          .build();

  private final Jwt written;
  private final ClaimsToUser users;
  private final IssuerKeys keys;
  private final InstantSource clock;
  private final TokenCache<UserInfo> known;

  /**
   * As an issuer's part of the file says it.
   *
   * @throws IllegalArgumentException if that makes no sense
   */
  IssuerTokens(Jwt written, Webhooks servers, InstantSource clock) {
    this.written = written;
    this.users = new ClaimsToUser(written);
    this.keys = new IssuerKeys(written.issuer(), servers, clock);
    this.clock = clock;
    this.known = new TokenCache<>(MOST_CACHED, clock);
  }

  @Override
  public Optional<UserInfo> authenticate(Credentials credentials) {
    String token = credentials.bearerToken().orElse("");
    if (token.chars().filter(c -> c == '.').count() != 2) {
      return Optional.empty();
    }
    ByteBuffer name = TokenCache.key(token);
    Optional<UserInfo> before = known.get(name);
    return before.isPresent() || !isOurs(token) ? before : verify(name, token);
  }

  /** What it says of itself, before anything is believed: whose it is and which key it names. */
  private boolean isOurs(String token) {
    try {
      JwtContext context = UNVERIFIED.process(token);
      if (!written.issuer().url().equals(context.getJwtClaims().getIssuer())) {
        return false;
      }
      awaitKey(context.getJoseObjects().getFirst().getKeyIdHeaderValue());
      return true;
    } catch (InvalidJwtException | MalformedClaimException none) {
      return false;
    }
  }

  private void awaitKey(String id) {
    if (keys.has(id) && !keys.areOld()) {
      return;
    }
    CompletableFuture<Void> refreshed = keys.refresh();
    if (!refreshed.isDone() && !keys.has(id)) {
      throw new PendingAnswer(refreshed);
    }
  }

  private Optional<UserInfo> verify(ByteBuffer name, String token) {
    try {
      JwtClaims claims = consumer().processToClaims(token);
      UserInfo user = users.user(plain(claims));
      Instant end = Instant.ofEpochSecond(claims.getExpirationTime().getValue());
      Instant longest = clock.instant().plus(LONGEST_CACHED);
      known.put(name, user, end.isBefore(longest) ? end : longest);
      return Optional.of(user);
    } catch (InvalidJwtException e) {
      LOG.debugf("A token of %s is not good: %s", written.issuer().url(), codes(e));
    } catch (NotAcceptedException e) {
      LOG.debugf("A token of %s is not accepted: %s", written.issuer().url(), e.getMessage());
    } catch (MalformedClaimException | JoseException e) {
      LOG.debugf("A token of %s cannot be read", written.issuer().url());
    }
    return Optional.empty();
  }

  /** What is wrong, without a word of what the token says. */
  private static List<Integer> codes(InvalidJwtException e) {
    return e.getErrorDetails().stream().map(ErrorCodeValidator.Error::getErrorCode).toList();
  }

  private JwtConsumer consumer() throws JoseException {
    return new JwtConsumerBuilder()
        .setJwsAlgorithmConstraints(new AlgorithmConstraints(ConstraintType.PERMIT, ALGORITHMS))
        .setVerificationKeyResolver(new JwksVerificationKeyResolver(keys.known()))
        .setExpectedIssuer(true, written.issuer().url())
        .setExpectedAudience(true, written.issuer().audiences().toArray(String[]::new))
        .setRequireExpirationTime()
        .setEvaluationTime(NumericDate.fromSeconds(clock.instant().getEpochSecond()))
        .setAllowedClockSkewInSeconds(SKEW_SECONDS)
        .build();
  }

  private static Map<String, Object> plain(JwtClaims claims) {
    return claims.getClaimsMap();
  }
}
