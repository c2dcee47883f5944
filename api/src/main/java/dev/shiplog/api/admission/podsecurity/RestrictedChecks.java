package dev.shiplog.api.admission.podsecurity;

import static dev.shiplog.api.admission.podsecurity.BaselineChecks.found;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.schema.Trees;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** What the restricted standard asks beyond the baseline: hardened as best practice has it. */
final class RestrictedChecks {

  static final List<Function<PodParts, Optional<Violation>>> ALL =
      List.of(
          RestrictedChecks::privilegeEscalation,
          RestrictedChecks::capabilities,
          RestrictedChecks::volumes,
          RestrictedChecks::runAsNonRoot,
          RestrictedChecks::runAsUser,
          RestrictedChecks::seccomp);

  private static final Set<String> VOLUMES =
      Set.of(
          "name",
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "image",
          "persistentVolumeClaim",
          "projected",
          "secret");

  private RestrictedChecks() {}

  private static Optional<Violation> privilegeEscalation(PodParts pod) {
    if (pod.isWindows()) {
      return Optional.empty();
    }
    List<String> names =
        pod.names(c -> PodParts.security(c).path("allowPrivilegeEscalation").asBoolean(true));
    return names.isEmpty()
        ? Optional.empty()
        : found(
            "allowPrivilegeEscalation != false",
            PodParts.called(names) + " must set securityContext.allowPrivilegeEscalation=false");
  }

  private static Optional<Violation> capabilities(PodParts pod) {
    if (pod.isWindows()) {
      return Optional.empty();
    }
    List<String> keeping =
        pod.names(c -> !Trees.texts(PodParts.security(c), "capabilities", "drop").contains("ALL"));
    Set<String> forbidden = new TreeSet<>();
    List<String> adding =
        pod.names(c -> {
          List<String> added =
              new ArrayList<>(Trees.texts(PodParts.security(c), "capabilities", "add"));
          added.remove("NET_BIND_SERVICE");
          forbidden.addAll(added);
          return !added.isEmpty();
        });
    List<String> details = new ArrayList<>();
    if (!keeping.isEmpty()) {
      details.add(
          PodParts.called(keeping) + " must set securityContext.capabilities.drop=[\"ALL\"]");
    }
    if (!adding.isEmpty()) {
      details.add(
          "%s must not include %s in securityContext.capabilities.add"
              .formatted(PodParts.called(adding), PodParts.quoted(List.copyOf(forbidden))));
    }
    return details.isEmpty()
        ? Optional.empty()
        : found("unrestricted capabilities", String.join("; ", details));
  }

  private static Optional<Violation> volumes(PodParts pod) {
    List<String> names = new ArrayList<>();
    Set<String> types = new TreeSet<>();
    for (ObjectNode volume : Trees.objects(pod.spec(), "volumes")) {
      Iterator<String> fields = volume.fieldNames();
      while (fields.hasNext()) {
        String type = fields.next();
        if (!VOLUMES.contains(type)) {
          names.add(Trees.text(volume, "name"));
          types.add(type);
        }
      }
    }
    return names.isEmpty()
        ? Optional.empty()
        : found(
            "restricted volume types",
            "%s %s use%s restricted volume type%s %s"
                .formatted(
                    names.size() == 1 ? "volume" : "volumes",
                    PodParts.quoted(names),
                    names.size() == 1 ? "s" : "",
                    types.size() == 1 ? "" : "s",
                    PodParts.quoted(List.copyOf(types))));
  }

  private static Optional<Violation> runAsNonRoot(PodParts pod) {
    JsonNode whole = pod.security().path("runAsNonRoot");
    List<String> explicit =
        pod.names(c -> {
          JsonNode own = PodParts.security(c).path("runAsNonRoot");
          return own.isBoolean() && !own.booleanValue();
        });
    boolean podSetsFalse = whole.isBoolean() && !whole.booleanValue();
    List<String> silent = pod.names(c -> !PodParts.security(c).path("runAsNonRoot").isBoolean());
    if (!explicit.isEmpty() || (podSetsFalse && !silent.isEmpty())) {
      String where = podSetsFalse && explicit.isEmpty() ? "pod" : PodParts.called(explicit);
      return found(
          "runAsNonRoot != true", where + " must not set securityContext.runAsNonRoot=false");
    }
    return whole.asBoolean(false) || silent.isEmpty()
        ? Optional.empty()
        : found(
            "runAsNonRoot != true",
            "pod or " + PodParts.called(silent) + " must set securityContext.runAsNonRoot=true");
  }

  private static Optional<Violation> runAsUser(PodParts pod) {
    List<String> bad =
        pod.settersOf((security, where) ->
            security.path("runAsUser").isNumber() && security.path("runAsUser").asLong() == 0);
    return bad.isEmpty()
        ? Optional.empty()
        : found("runAsUser=0", String.join(" and ", bad) + " must not set runAsUser=0");
  }

  private static Optional<Violation> seccomp(PodParts pod) {
    if (pod.isWindows() || isConfined(pod.security())) {
      return Optional.empty();
    }
    List<String> silent = pod.names(c -> !isConfined(PodParts.security(c)));
    return silent.isEmpty()
        ? Optional.empty()
        : found(
            "seccompProfile",
            "pod or "
                + PodParts.called(silent)
                + " must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
  }

  private static boolean isConfined(JsonNode security) {
    String type = Trees.text(security, "seccompProfile", "type");
    return type.equals("RuntimeDefault") || type.equals("Localhost");
  }
}
