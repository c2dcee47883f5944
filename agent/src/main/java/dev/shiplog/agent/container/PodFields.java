package dev.shiplog.agent.container;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The fields of a pod that the downward API gives to its containers.
 *
 * @param hostIps the node's
 * @param podIps the pod's; empty until its sandbox is there
 */
public record PodFields(Pod pod, List<String> hostIps, List<String> podIps) {

  private static final Pattern SUBSCRIPT =
      Pattern.compile("metadata\\.(labels|annotations)\\['(.+)'\\]");

  /**
   * The value of a fieldPath.
   *
   * @throws PodConfigException if there is no such field
   */
  public String value(String fieldPath) {
    ObjectMeta meta = pod.getMetadata();
    return switch (fieldPath) {
      case "metadata.name" -> meta.getName();
      case "metadata.namespace" -> meta.getNamespace();
      case "metadata.uid" -> meta.getUid();
      case "metadata.labels" -> lines(meta.getLabels());
      case "metadata.annotations" -> lines(meta.getAnnotations());
      case "spec.nodeName" -> orEmpty(pod.getSpec().getNodeName());
      case "spec.serviceAccountName" -> orEmpty(pod.getSpec().getServiceAccountName());
      case "status.hostIP" -> hostIps.isEmpty() ? "" : hostIps.getFirst();
      case "status.hostIPs" -> String.join(",", hostIps);
      case "status.podIP" -> podIps.isEmpty() ? "" : podIps.getFirst();
      case "status.podIPs" -> String.join(",", podIps);
      default -> subscript(fieldPath);
    };
  }

  private String subscript(String fieldPath) {
    Matcher matcher = SUBSCRIPT.matcher(fieldPath);
    if (!matcher.matches()) {
      throw new PodConfigException("unsupported fieldPath: " + fieldPath);
    }
    Map<String, String> values =
        matcher.group(1).equals("labels")
            ? pod.getMetadata().getLabels()
            : pod.getMetadata().getAnnotations();
    return values == null ? "" : values.getOrDefault(matcher.group(2), "");
  }

  /** One {@code key="value"} a line, sorted, quoted as Go quotes. */
  private static String lines(Map<String, String> values) {
    return values == null
        ? ""
        : new TreeMap<>(values)
            .entrySet().stream()
                .map(entry -> entry.getKey() + "=" + quoted(entry.getValue()))
                .collect(Collectors.joining("\n"));
  }

  private static String quoted(String value) {
    String escaped =
        value
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("\n", "\\n")
            .replace("\r", "\\r")
            .replace("\t", "\\t");
    return "\"" + escaped + "\"";
  }

  private static String orEmpty(String value) {
    return value == null ? "" : value;
  }
}
