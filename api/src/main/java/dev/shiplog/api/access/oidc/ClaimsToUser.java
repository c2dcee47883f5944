package dev.shiplog.api.access.oidc;

import dev.shiplog.api.access.oidc.AuthenticationConfiguration.ClaimRule;
import dev.shiplog.api.access.oidc.AuthenticationConfiguration.Extra;
import dev.shiplog.api.access.oidc.AuthenticationConfiguration.Jwt;
import dev.shiplog.api.access.oidc.AuthenticationConfiguration.Mapping;
import dev.shiplog.api.access.oidc.AuthenticationConfiguration.UserRule;
import dev.shiplog.api.access.oidc.ClaimExpressions.Compiled;
import dev.shiplog.topics.journal.UserInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Makes a user of the claims of a token: rules on claims, then mappings, then rules on the user, in
 * Kubernetes' order. What is written wrongly is refused when it is read. Immutable; any thread.
 */
final class ClaimsToUser {

  private static final Pattern EXTRA_KEY =
      Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[a-z0-9._%~!$&'()*+,;=:@/-]+");
  private static final Pattern RESERVED = Pattern.compile("([^/]*\\.)?(kubernetes|k8s)\\.io/.*");

  private final List<Rule> claimRules = new ArrayList<>();
  private final Function<Map<String, Object>, String> username;
  private final Function<Map<String, Object>, List<String>> groups;
  private final Function<Map<String, Object>, String> uid;
  private final Map<String, Compiled> extra = new LinkedHashMap<>();
  private final List<Rule> userRules = new ArrayList<>();

  /** A condition and what is said where it does not hold. */
  private record Rule(Function<Map<String, ?>, Boolean> holds, String message) {

    void require(Map<String, ?> value) {
      if (!holds.apply(value)) {
        throw new NotAcceptedException(message);
      }
    }
  }

  /**
   * As an issuer's part of the file says it.
   *
   * @throws IllegalArgumentException if that makes no sense
   */
  ClaimsToUser(Jwt written) {
    written.claimValidationRules().forEach(rule -> claimRules.add(claimRule(rule)));
    Mapping name = written.claimMappings().username();
    require(name.isClaim() || name.isExpression(), "claimMappings.username is missing");
    require(
        !name.isClaim() || name.prefix() != null,
        "claimMappings.username.prefix must be set, if only to \"\"");
    username = text(name, "username");
    groups = texts(written.claimMappings().groups());
    uid = text(written.claimMappings().uid(), "uid");
    written.claimMappings().extra().forEach(this::addExtra);
    requireVerifiedEmail(written);
    written.userValidationRules().forEach(rule -> userRules.add(userRule(rule)));
  }

  /**
   * The user.
   *
   * @throws NotAcceptedException if a rule does not hold, or the claims name nobody
   */
  UserInfo user(Map<String, Object> claims) {
    claimRules.forEach(rule -> rule.require(claims));
    String name = username.apply(claims);
    if (name.isEmpty()) {
      throw new NotAcceptedException("the claims name nobody");
    }
    Map<String, List<String>> more = new LinkedHashMap<>();
    extra.forEach((key, value) -> {
      List<String> values = list(value.of(claims));
      if (!values.isEmpty()) {
        more.put(key, values);
      }
    });
    UserInfo user = new UserInfo(name, uid.apply(claims), groups.apply(claims), more);
    Map<String, Object> shown =
        Map.of(
            "username", user.username(),
            "uid", user.uid(),
            "groups", user.groups(),
            "extra", user.extra());
    userRules.forEach(rule -> rule.require(shown));
    return user;
  }

  private static Rule claimRule(ClaimRule rule) {
    String claim = AuthenticationConfiguration.text(rule.claim());
    String expression = AuthenticationConfiguration.text(rule.expression());
    require(
        claim.isEmpty() != expression.isEmpty(),
        "a claimValidationRule has either a claim or an expression");
    if (claim.isEmpty()) {
      Compiled compiled = ClaimExpressions.claimRule(expression);
      return new Rule(compiled::holds, message(rule.message(), expression));
    }
    String value = AuthenticationConfiguration.text(rule.requiredValue());
    return new Rule(
        claims -> value.equals(claims.get(claim)),
        "claim " + claim + " does not have the required value");
  }

  private static Rule userRule(UserRule rule) {
    String expression = AuthenticationConfiguration.text(rule.expression());
    require(!expression.isEmpty(), "a userValidationRule has an expression");
    Compiled compiled = ClaimExpressions.userRule(expression);
    return new Rule(compiled::holds, message(rule.message(), expression));
  }

  private static String message(String written, String expression) {
    return AuthenticationConfiguration.text(written).isEmpty()
        ? "expression '" + expression + "' does not hold"
        : written;
  }

  private static Function<Map<String, Object>, String> text(Mapping mapping, String what) {
    requireOne(mapping, what);
    if (mapping.isExpression()) {
      Compiled compiled = ClaimExpressions.text(mapping.expression());
      return claims -> compiled.of(claims) instanceof String text ? text : "";
    }
    if (!mapping.isClaim()) {
      return claims -> "";
    }
    String prefix = AuthenticationConfiguration.text(mapping.prefix());
    return claims -> {
      String value = claims.get(mapping.claim()) instanceof String text ? text : "";
      requireVerified(mapping.claim(), claims);
      return value.isEmpty() ? "" : prefix + value;
    };
  }

  /** An address that its owner has not confirmed names nobody. */
  private static void requireVerified(String claim, Map<String, Object> claims) {
    if (claim.equals("email")
        && claims.containsKey("email_verified")
        && !Boolean.TRUE.equals(claims.get("email_verified"))) {
      throw new NotAcceptedException("the email address is not verified");
    }
  }

  private static Function<Map<String, Object>, List<String>> texts(Mapping mapping) {
    requireOne(mapping, "groups");
    require(
        !mapping.isClaim() || mapping.prefix() != null,
        "claimMappings.groups.prefix must be set, if only to \"\"");
    if (mapping.isExpression()) {
      Compiled compiled = ClaimExpressions.texts(mapping.expression());
      return claims -> list(compiled.of(claims));
    }
    if (!mapping.isClaim()) {
      return claims -> List.of();
    }
    String prefix = mapping.prefix();
    return claims ->
        list(claims.get(mapping.claim())).stream().map(group -> prefix + group).toList();
  }

  private static List<String> list(Object value) {
    return switch (value) {
      case String text when text.isEmpty() -> List.of();
      case String text -> List.of(text);
      case Collection<?> many ->
          many.stream()
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .filter(text -> !text.isEmpty())
              .toList();
      case null, default -> List.of();
    };
  }

  private void addExtra(Extra written) {
    String key = AuthenticationConfiguration.text(written.key());
    require(
        EXTRA_KEY.matcher(key).matches() && !RESERVED.matcher(key).matches(),
        "extra key '" + key + "' must be a lower-case path of a domain other than kubernetes.io");
    require(!extra.containsKey(key), "extra key '" + key + "' is there twice");
    extra.put(
        key, ClaimExpressions.texts(AuthenticationConfiguration.text(written.valueExpression())));
  }

  /** Whoever names users by their address has to say something about its confirmation. */
  private static void requireVerifiedEmail(Jwt written) {
    String name = AuthenticationConfiguration.text(written.claimMappings().username().expression());
    if (!name.matches("(?s).*claims\\.email\\b(?!_).*")) {
      return;
    }
    boolean looked =
        name.contains("email_verified")
            || written.claimMappings().extra().stream()
                .anyMatch(extra -> mentionsVerified(extra.valueExpression()))
            || written.claimValidationRules().stream()
                .anyMatch(rule -> mentionsVerified(rule.expression()));
    require(
        looked,
        "claims.email_verified must be used in the username's expression, an extra or a"
            + " claimValidationRule, where claims.email is the username");
  }

  private static boolean mentionsVerified(String expression) {
    return AuthenticationConfiguration.text(expression).contains("claims.email_verified");
  }

  private static void requireOne(Mapping mapping, String what) {
    require(
        !mapping.isClaim() || !mapping.isExpression(),
        "claimMappings." + what + " has either a claim or an expression");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
