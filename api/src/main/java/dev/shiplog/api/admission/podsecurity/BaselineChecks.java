package dev.shiplog.api.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shiplog.api.schema.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** The baseline standard: no known way to more rights on the node. */
final class BaselineChecks {

  static final List<Function<PodParts, Optional<Violation>>> ALL =
      List.of(
          BaselineChecks::appArmor,
          BaselineChecks::capabilities,
          BaselineChecks::hostNamespaces,
          BaselineChecks::hostPaths,
          BaselineChecks::hostPorts,
          BaselineChecks::hostProbes,
          BaselineChecks::hostProcess,
          BaselineChecks::privileged,
          BaselineChecks::procMount,
          BaselineChecks::seLinux,
          BaselineChecks::seccomp,
          BaselineChecks::sysctls);

  private static final Set<String> CAPABILITIES =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  private static final Set<String> SELINUX_TYPES =
      Set.of("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t");

  private static final Set<String> SYSCTLS =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.ip_local_reserved_ports",
          "net.ipv4.tcp_keepalive_time",
          "net.ipv4.tcp_fin_timeout",
          "net.ipv4.tcp_keepalive_intvl",
          "net.ipv4.tcp_keepalive_probes",
          "net.ipv4.tcp_rmem",
          "net.ipv4.tcp_wmem");

  private static final String APP_ARMOR = "container.apparmor.security.beta.kubernetes.io/";

  private BaselineChecks() {}

  private static Optional<Violation> appArmor(PodParts pod) {
    List<String> bad =
        new ArrayList<>(
            pod.settersOf((security, where) ->
                Trees.text(security, "appArmorProfile", "type").equals("Unconfined")));
    Trees.map(pod.metadata(), "annotations")
        .forEach((key, value) -> {
          boolean fine =
              value.isEmpty() || value.equals("runtime/default") || value.startsWith("localhost/");
          if (key.startsWith(APP_ARMOR) && !fine) {
            bad.add("annotation \"%s=%s\"".formatted(key, value));
          }
        });
    return bad.isEmpty()
        ? Optional.empty()
        : found(
            bad.size() == 1 ? "forbidden AppArmor profile" : "forbidden AppArmor profiles",
            String.join(", ", bad));
  }

  private static Optional<Violation> capabilities(PodParts pod) {
    Set<String> forbidden = new TreeSet<>();
    List<String> names =
        pod.names(container -> {
          List<String> added =
              new ArrayList<>(Trees.texts(PodParts.security(container), "capabilities", "add"));
          added.removeAll(CAPABILITIES);
          return forbidden.addAll(added) || !added.isEmpty();
        });
    return names.isEmpty()
        ? Optional.empty()
        : found(
            "non-default capabilities",
            "%s must not include %s in securityContext.capabilities.add"
                .formatted(PodParts.called(names), PodParts.quoted(List.copyOf(forbidden))));
  }

  private static Optional<Violation> hostNamespaces(PodParts pod) {
    List<String> shared =
        Stream.of("hostNetwork", "hostPID", "hostIPC")
            .filter(field -> pod.spec().path(field).asBoolean(false))
            .map(field -> field + "=true")
            .toList();
    return shared.isEmpty()
        ? Optional.empty()
        : found("host namespaces", String.join(", ", shared));
  }

  private static Optional<Violation> hostPaths(PodParts pod) {
    List<String> names =
        Trees.objects(pod.spec(), "volumes").stream()
            .filter(volume -> volume.hasNonNull("hostPath"))
            .map(volume -> Trees.text(volume, "name"))
            .toList();
    return names.isEmpty()
        ? Optional.empty()
        : found(
            "hostPath volumes",
            (names.size() == 1 ? "volume " : "volumes ") + PodParts.quoted(names));
  }

  private static Optional<Violation> hostPorts(PodParts pod) {
    Set<Integer> ports = new TreeSet<>();
    List<String> names =
        pod.names(container -> {
          boolean bad = false;
          for (JsonNode port : container.path("ports")) {
            int number = port.path("hostPort").asInt(0);
            if (number != 0) {
              ports.add(number);
              bad = true;
            }
          }
          return bad;
        });
    return names.isEmpty()
        ? Optional.empty()
        : found(
            "hostPort",
            "%s %s hostPort%s %s"
                .formatted(
                    PodParts.called(names),
                    names.size() == 1 ? "uses" : "use",
                    ports.size() == 1 ? "" : "s",
                    String.join(", ", ports.stream().map(String::valueOf).toList())));
  }

  private static Optional<Violation> hostProbes(PodParts pod) {
    List<String> names =
        pod.names(container ->
            Stream.concat(
                    Stream.of("livenessProbe", "readinessProbe", "startupProbe")
                        .map(container::path),
                    Stream.of("postStart", "preStop")
                        .map(hook -> container.path("lifecycle").path(hook)))
                .anyMatch(handler ->
                    !Trees.text(handler, "httpGet", "host").isEmpty()
                        || !Trees.text(handler, "tcpSocket", "host").isEmpty()));
    return names.isEmpty()
        ? Optional.empty()
        : found("probe or lifecycle host", PodParts.called(names) + " must not set a host");
  }

  private static Optional<Violation> hostProcess(PodParts pod) {
    List<String> bad =
        pod.settersOf((security, where) ->
            Trees.at(security, "windowsOptions", "hostProcess").asBoolean(false));
    return bad.isEmpty()
        ? Optional.empty()
        : found(
            "hostProcess",
            String.join(" and ", bad)
                + " must not set securityContext.windowsOptions.hostProcess=true");
  }

  private static Optional<Violation> privileged(PodParts pod) {
    List<String> names = pod.names(c -> PodParts.security(c).path("privileged").asBoolean(false));
    return names.isEmpty()
        ? Optional.empty()
        : found(
            "privileged", PodParts.called(names) + " must not set securityContext.privileged=true");
  }

  private static Optional<Violation> procMount(PodParts pod) {
    List<String> names =
        pod.names(c -> {
          String mount = Trees.text(PodParts.security(c), "procMount");
          return !mount.isEmpty() && !mount.equals("Default");
        });
    return names.isEmpty()
        ? Optional.empty()
        : found(
            "procMount",
            PodParts.called(names) + " must not set securityContext.procMount to \"Unmasked\"");
  }

  private static Optional<Violation> seLinux(PodParts pod) {
    Set<String> what = new TreeSet<>();
    List<String> bad =
        pod.settersOf((security, where) -> {
          JsonNode options = Trees.at(security, "seLinuxOptions");
          Set<String> here = new TreeSet<>();
          if (!SELINUX_TYPES.contains(Trees.text(options, "type"))) {
            here.add("type \"" + Trees.text(options, "type") + "\"");
          }
          for (String field : List.of("user", "role")) {
            if (!Trees.text(options, field).isEmpty()) {
              here.add(field + " may not be set");
            }
          }
          what.addAll(here);
          return !here.isEmpty();
        });
    return bad.isEmpty()
        ? Optional.empty()
        : found(
            "seLinuxOptions",
            "%s set forbidden securityContext.seLinuxOptions: %s"
                .formatted(String.join(" and ", bad), String.join("; ", what)));
  }

  private static Optional<Violation> seccomp(PodParts pod) {
    List<String> bad =
        pod.settersOf((security, where) ->
            Trees.text(security, "seccompProfile", "type").equals("Unconfined"));
    return bad.isEmpty()
        ? Optional.empty()
        : found(
            "seccompProfile",
            String.join(" and ", bad)
                + " must not set securityContext.seccompProfile.type to \"Unconfined\"");
  }

  private static Optional<Violation> sysctls(PodParts pod) {
    List<String> forbidden =
        Trees.objects(pod.security(), "sysctls").stream()
            .map(sysctl -> Trees.text(sysctl, "name"))
            .filter(name -> !SYSCTLS.contains(name))
            .toList();
    return forbidden.isEmpty()
        ? Optional.empty()
        : found("forbidden sysctls", String.join(", ", forbidden));
  }

  static Optional<Violation> found(String reason, String detail) {
    return Optional.of(new Violation(reason, detail));
  }
}
