package dev.shiplog.agent.runtime;

/**
 * What a runtime is.
 *
 * @param name for example {@code containerd}; the scheme of container ids
 * @param version for example {@code 1.6.20}
 */
public record RuntimeInfo(String name, String version) {

  /** As a Node's {@code nodeInfo.containerRuntimeVersion} says it. */
  public String nodeInfoText() {
    return name + "://" + version;
  }
}
