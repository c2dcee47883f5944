package dev.shiplog.standalone.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Who may do what: options that go to the API server as they are. */
final class AccessOptions {

  @Option(
      names = "--authorization-mode",
      paramLabel = "MODES",
      defaultValue = "Node,RBAC",
      description = {
        "Who decides what users may do: Node, RBAC, AlwaysAllow (for development), in this order.",
        "Default: ${DEFAULT-VALUE}"
      })
  private String authorizationMode;

  @Option(
      names = "--anonymous",
      paramLabel = "WHAT",
      defaultValue = "health",
      description = {
        "What may be asked without saying who asks: nobody, health (paths like /readyz), or",
        "anybody (what roles grant to system:unauthenticated). Default: ${DEFAULT-VALUE}"
      })
  private String anonymous;

  @Option(
      names = "--authorization-config",
      paramLabel = "FILE",
      description =
          "An AuthorizationConfiguration, instead of --authorization-mode: with webhooks.")
  private Path authorizationConfig;

  @Option(
      names = "--authentication-config",
      paramLabel = "FILE",
      description = {
        "An AuthenticationConfiguration: OpenID Connect issuers whose tokens are known. Read again",
        "when it changes."
      })
  private Path authenticationConfig;

  @Option(
      names = "--authentication-token-webhook-config-file",
      paramLabel = "FILE",
      description = "Kubeconfig of a server that is asked about unknown tokens by TokenReview.")
  private Path tokenWebhook;

  @Option(
      names = "--service-account-issuer",
      paramLabel = "URL",
      split = ",",
      description = {
        "Who issues ServiceAccount tokens: the first does, those of all are known. Default:",
        "https://kubernetes.default.svc.cluster.local"
      })
  private List<String> serviceAccountIssuers = List.of();

  @Option(
      names = "--service-account-jwks-uri",
      paramLabel = "URL",
      description = "Where others find the keys of those tokens, if not at the issuer's address.")
  private String serviceAccountJwksUri;

  @Option(
      names = "--audit-policy-file",
      paramLabel = "FILE",
      description = "How much the audit log says of requests: a Policy of audit.k8s.io/v1.")
  private Path auditPolicy;

  /** As settings of the API server. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("shiplog.api.authorization-mode", authorizationMode);
    settings.put("shiplog.api.anonymous", anonymous);
    put(settings, "audit-policy-file", auditPolicy);
    put(settings, "authorization-config", authorizationConfig);
    put(settings, "authentication-config", authenticationConfig);
    put(settings, "authentication-token-webhook-config-file", tokenWebhook);
    if (!serviceAccountIssuers.isEmpty()) {
      settings.put("shiplog.api.service-account-issuer", String.join(",", serviceAccountIssuers));
    }
    if (serviceAccountJwksUri != null) {
      settings.put("shiplog.api.service-account-jwks-uri", serviceAccountJwksUri);
    }
    return settings;
  }

  private static void put(Map<String, String> settings, String name, Path file) {
    if (file != null) {
      settings.put("shiplog.api." + name, file.toAbsolutePath().toString());
    }
  }
}
