package dev.shiplog.api.access.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Kubernetes' file of that kind ({@code apiserver.config.k8s.io}): who decides, in this order.
 *
 * @param authorizers at least one
 */
public record AuthorizationConfiguration(String apiVersion, String kind, List<Entry> authorizers) {

  private static final String KIND = "AuthorizationConfiguration";
  private static final String GROUP = "apiserver.config.k8s.io/";
  private static final Set<String> TYPES = Set.of("Node", "RBAC", "Webhook", "AlwaysAllow");
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static final ObjectMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  public AuthorizationConfiguration {
    authorizers = authorizers == null ? List.of() : List.copyOf(authorizers);
  }

  /**
   * One who decides.
   *
   * @param type Node, RBAC, Webhook or AlwaysAllow
   * @param webhook only of a Webhook
   */
  public record Entry(String type, String name, Webhook webhook) {}

  /** How a webhook is asked; times like {@code 30s}. */
  public record Webhook(
      String authorizedTTL,
      Boolean cacheAuthorizedRequests,
      String unauthorizedTTL,
      Boolean cacheUnauthorizedRequests,
      String timeout,
      String subjectAccessReviewVersion,
      String matchConditionSubjectAccessReviewVersion,
      String failurePolicy,
      Connection connectionInfo,
      List<Condition> matchConditions) {

    /**
     * As settings.
     *
     * @throws IllegalArgumentException if they make no sense
     */
    public SubjectWebhook.Settings settings() {
      require("v1".equals(subjectAccessReviewVersion), "subjectAccessReviewVersion must be v1");
      require(
          "Deny".equals(failurePolicy) || "NoOpinion".equals(failurePolicy),
          "failurePolicy must be Deny or NoOpinion");
      List<Condition> conditions = matchConditions == null ? List.of() : matchConditions;
      require(
          conditions.isEmpty() || "v1".equals(matchConditionSubjectAccessReviewVersion),
          "matchConditionSubjectAccessReviewVersion must be v1 where there are matchConditions");
      Duration atMost = duration(timeout, "timeout");
      require(atMost.isPositive() && atMost.compareTo(LONGEST) <= 0, "timeout must be at most 30s");
      return new SubjectWebhook.Settings(
          lasts(authorizedTTL, cacheAuthorizedRequests, "authorizedTTL"),
          lasts(unauthorizedTTL, cacheUnauthorizedRequests, "unauthorizedTTL"),
          atMost,
          failurePolicy.equals("Deny"),
          new ReviewConditions(conditions.stream().map(Condition::expression).toList()));
    }

    private static Duration lasts(String time, Boolean cached, String field) {
      return Boolean.FALSE.equals(cached) ? Duration.ZERO : duration(time, field);
    }
  }

  /** Where it is. */
  public record Connection(String type, String kubeConfigFile) {}

  /** What it is asked about. */
  public record Condition(String expression) {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, or makes no sense
   */
  public static AuthorizationConfiguration read(Path file) throws IOException {
    try {
      AuthorizationConfiguration read =
          YAML.readValue(Files.readString(file), AuthorizationConfiguration.class);
      require(
          read != null
              && KIND.equals(read.kind())
              && read.apiVersion() != null
              && read.apiVersion().startsWith(GROUP),
          "this is no " + KIND + " of " + GROUP + "v1");
      require(!read.authorizers().isEmpty(), "authorizers must name at least one");
      read.authorizers().forEach(AuthorizationConfiguration::check);
      return read;
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static void check(Entry entry) {
    require(
        entry.type() != null && TYPES.contains(entry.type()),
        "type must be Node, RBAC, Webhook or AlwaysAllow, not " + entry.type());
    boolean webhook = entry.type().equals("Webhook");
    require(webhook == (entry.webhook() != null), "webhook is for type Webhook, and needed there");
    if (webhook) {
      var _ = entry.webhook().settings();
      Connection connection = entry.webhook().connectionInfo();
      require(
          connection != null
              && "KubeConfigFile".equals(connection.type())
              && connection.kubeConfigFile() != null,
          "connectionInfo must be of type KubeConfigFile and name a kubeConfigFile");
    }
  }

  private static Duration duration(String text, String field) {
    require(text != null && text.matches("(\\d+(\\.\\d+)?[hms])+"), field + " must be like 30s");
    return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
