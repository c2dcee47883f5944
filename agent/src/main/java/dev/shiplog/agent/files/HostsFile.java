package dev.shiplog.agent.files;

import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;

/** What a pod's /etc/hosts says. */
final class HostsFile {

  private static final String OWN =
      """
      # Kubernetes-managed hosts file.
      127.0.0.1\tlocalhost
      ::1\tlocalhost ip6-localhost ip6-loopback
      fe00::0\tip6-localnet
      fe00::0\tip6-mcastprefix
      fe00::1\tip6-allnodes
      fe00::2\tip6-allrouters
      """;

  private static final String HOST = "# Kubernetes-managed hosts file (host network).\n";

  private HostsFile() {}

  /**
   * A file for a pod with a network of its own.
   *
   * @param hostname the pod's
   * @param domain what follows the host name in its full name; empty if nothing
   */
  static String own(Pod pod, List<String> podIps, String hostname, String domain) {
    StringBuilder text = new StringBuilder(OWN);
    String names = domain.isEmpty() ? hostname : hostname + "." + domain + "\t" + hostname;
    podIps.forEach(ip -> text.append(ip).append('\t').append(names).append('\n'));
    return text + aliases(pod);
  }

  /** A file for a pod on the host's network. */
  static String host(Pod pod, String hostsOfHost) {
    return HOST + hostsOfHost + aliases(pod);
  }

  private static String aliases(Pod pod) {
    List<HostAlias> aliases = pod.getSpec().getHostAliases();
    if (aliases == null || aliases.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("\n# Entries added by HostAliases.\n");
    for (HostAlias alias : aliases) {
      text.append(alias.getIp())
          .append('\t')
          .append(String.join("\t", alias.getHostnames()))
          .append('\n');
    }
    return text.toString();
  }
}
