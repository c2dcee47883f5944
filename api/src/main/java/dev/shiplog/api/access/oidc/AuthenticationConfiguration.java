package dev.shiplog.api.access.oidc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Kubernetes' file of that kind ({@code apiserver.config.k8s.io}), as it is written. A field that
 * Kubernetes does not have is refused: a mistyped rule must not be a missing one.
 *
 * @param jwt issuers of tokens
 * @param anonymous whether requests may come from nobody; null if the file does not say
 */
public record AuthenticationConfiguration(
    String apiVersion, String kind, List<Jwt> jwt, Anonymous anonymous) {

  private static final String KIND = "AuthenticationConfiguration";
  private static final Set<String> VERSIONS =
      Set.of(
          "apiserver.config.k8s.io/v1",
          "apiserver.config.k8s.io/v1beta1",
          "apiserver.config.k8s.io/v1alpha1");

  private static final ObjectMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  public AuthenticationConfiguration {
    jwt = jwt == null ? List.of() : List.copyOf(jwt);
  }

  /** An issuer, and what becomes of its tokens. */
  public record Jwt(
      Issuer issuer,
      List<ClaimRule> claimValidationRules,
      Mappings claimMappings,
      List<UserRule> userValidationRules) {

    public Jwt {
      issuer = Objects.requireNonNullElse(issuer, Issuer.NONE);
      claimValidationRules = orEmpty(claimValidationRules);
      claimMappings = Objects.requireNonNullElse(claimMappings, Mappings.NONE);
      userValidationRules = orEmpty(userValidationRules);
    }
  }

  /**
   * Who signs.
   *
   * @param url the claim {@code iss}
   * @param discoveryURL where its discovery document is; null: at the usual place under the url
   * @param certificateAuthority PEM; null for those that the system trusts
   * @param audiences whom a token must be for: one of these
   */
  public record Issuer(
      String url,
      String discoveryURL,
      String certificateAuthority,
      List<String> audiences,
      String audienceMatchPolicy) {

    static final Issuer NONE = new Issuer("", null, null, List.of(), null);

    public Issuer {
      url = text(url);
      audiences = orEmpty(audiences);
    }

    /** Where its discovery document is. */
    String discovery() {
      return text(discoveryURL).isEmpty()
          ? url.replaceFirst("/$", "") + "/.well-known/openid-configuration"
          : discoveryURL;
    }
  }

  /** Either a claim with the value it must have, or an expression that must hold. */
  public record ClaimRule(String claim, String requiredValue, String expression, String message) {}

  /** Which claims say who the user is. */
  public record Mappings(Mapping username, Mapping groups, Mapping uid, List<Extra> extra) {

    static final Mappings NONE = new Mappings(null, null, null, List.of());

    public Mappings {
      username = Objects.requireNonNullElse(username, Mapping.NONE);
      groups = Objects.requireNonNullElse(groups, Mapping.NONE);
      uid = Objects.requireNonNullElse(uid, Mapping.NONE);
      extra = orEmpty(extra);
    }
  }

  /** Either a claim and what is put before its value, or an expression. */
  public record Mapping(String claim, String prefix, String expression) {

    static final Mapping NONE = new Mapping(null, null, null);

    boolean isClaim() {
      return !text(claim).isEmpty();
    }

    boolean isExpression() {
      return !text(expression).isEmpty();
    }
  }

  /** A further value of the user. */
  public record Extra(String key, String valueExpression) {}

  /** Must hold for what the mappings made. */
  public record UserRule(String expression, String message) {}

  /** Whether requests may come from nobody, and about which paths. */
  public record Anonymous(boolean enabled, List<Condition> conditions) {

    public Anonymous {
      conditions = orEmpty(conditions);
    }
  }

  /** A path that may be asked for. */
  public record Condition(String path) {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, or is none
   */
  public static AuthenticationConfiguration read(Path file) throws IOException {
    try {
      AuthenticationConfiguration read =
          YAML.readValue(Files.readString(file), AuthenticationConfiguration.class);
      if (read == null || !KIND.equals(read.kind()) || !VERSIONS.contains(text(read.apiVersion))) {
        throw new IOException(
            file + " is no " + KIND + " of apiserver.config.k8s.io/v1, v1beta1 or v1alpha1");
      }
      return read;
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": " + e.getOriginalMessage(), e);
    }
  }

  static String text(String value) {
    return value == null ? "" : value;
  }

  private static <T> List<T> orEmpty(List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}
