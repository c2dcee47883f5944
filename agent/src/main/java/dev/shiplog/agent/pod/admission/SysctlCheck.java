package dev.shiplog.agent.pod.admission;

import dev.shiplog.agent.pod.status.Situation.Words;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Sysctl;
import java.util.Optional;
import java.util.Set;

/**
 * Which kernel parameters pods may set: those that Kubernetes calls safe, because they concern
 * nobody but the pod.
 */
final class SysctlCheck implements AdmissionCheck {

  private static final Set<String> SAFE =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ping_group_range",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.tcp_wmem");

  @Override
  public Optional<Words> refusal(Pod pod) {
    PodSecurityContext security = pod.getSpec().getSecurityContext();
    return security == null
        ? Optional.empty()
        : security.getSysctls().stream()
            .map(Sysctl::getName)
            .filter(name -> !SAFE.contains(name.replace('/', '.')))
            .findFirst()
            .map(name ->
                new Words("SysctlForbidden", "forbidden sysctl: \"" + name + "\" not allowlisted"));
  }
}
