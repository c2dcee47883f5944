package dev.shiplog.standalone.cli;

import java.util.LinkedHashMap;
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

  /** As settings of the API server. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("shiplog.api.authorization-mode", authorizationMode);
    settings.put("shiplog.api.anonymous", anonymous);
    return settings;
  }
}
