package dev.shiplog.api.discovery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.topics.record.Json;

/**
 * What {@code /version} answers: the Kubernetes version whose API this is, with Shiplog's own as
 * build metadata.
 */
public final class ServerVersion {

  private static final String MAJOR = "1";
  private static final String MINOR = "36";

  /** The release whose types are served. */
  public static final String KUBERNETES = "v" + MAJOR + "." + MINOR + ".4";

  private ServerVersion() {}

  public static ObjectNode document() {
    String implementation = ServerVersion.class.getPackage().getImplementationVersion();
    String own = implementation == null ? "dev" : implementation.replaceAll("[^0-9A-Za-z.-]", "-");
    return Json.MAPPER
        .createObjectNode()
        .put("major", MAJOR)
        .put("minor", MINOR)
        .put("gitVersion", KUBERNETES + "+shiplog-" + own)
        .put("gitCommit", "")
        .put("gitTreeState", "")
        .put("buildDate", "")
        .put("goVersion", "")
        .put("compiler", "javac")
        .put("platform", "java/" + System.getProperty("os.arch"));
  }
}
