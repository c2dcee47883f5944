package dev.shiplog.api.schema.validation;

import static dev.shiplog.api.schema.Trees.absent;
import static dev.shiplog.api.schema.Trees.at;
import static dev.shiplog.api.schema.Trees.empty;
import static dev.shiplog.api.schema.Trees.objects;
import static dev.shiplog.api.schema.Trees.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Containers of a pod, init and ephemeral ones included. */
final class ContainerRules {

  private static final List<String> RESTART_POLICIES = List.of("Always", "Never", "OnFailure");
  private static final List<String> HOOKS =
      List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe");

  private final ObjectNode spec;
  private final Causes causes;
  private final Set<String> names = new HashSet<>();
  private final Set<String> hostPorts = new HashSet<>();

  private ContainerRules(ObjectNode spec, Causes causes) {
    this.spec = spec;
    this.causes = causes;
  }

  static void validate(ObjectNode spec, FieldPath path, Causes causes) {
    ContainerRules rules = new ContainerRules(spec, causes);
    if (empty(spec, "containers")) {
      causes.required(path.child("containers"));
    }
    rules.list("containers", path);
    rules.list("initContainers", path);
    rules.list("ephemeralContainers", path);
  }

  private void list(String list, FieldPath path) {
    int i = 0;
    for (ObjectNode container : objects(spec, list)) {
      FieldPath item = path.child(list).index(i++);
      container(container, item);
      if (list.equals("initContainers")) {
        init(container, item);
      }
    }
  }

  private void container(ObjectNode container, FieldPath path) {
    name(container, path);
    image(container, path);
    new Checks(container, path, causes)
        .required("terminationMessagePolicy")
        .required("imagePullPolicy")
        .oneOf("restartPolicy", RESTART_POLICIES);
    ports(container, path.child("ports"));
    resizing(container, path.child("resizePolicy"));
    if (!absent(container, "lifecycle", "stopSignal") && absent(spec, "os")) {
      causes.forbidden(
          path.child("lifecycle", "stopSignal"),
          "may not be set for containers with empty `spec.os.name`");
    }
    EnvironmentRules.validate(container, path, causes);
    VolumeRules.mounts(spec, container, path, causes);
    ProbeRules.validate(container, path, causes);
    ResourceRules.validate(at(container, "resources"), path.child("resources"), causes);
    SecurityRules.ofContainer(container, path.child("securityContext"), causes);
  }

  private void name(ObjectNode container, FieldPath path) {
    String name = text(container, "name");
    if (name.isEmpty()) {
      causes.required(path.child("name"));
    } else {
      Checks.name(path.child("name"), name, Names::label, causes);
      if (!names.add(name)) {
        causes.duplicate(path.child("name"), name);
      }
    }
  }

  private void image(ObjectNode container, FieldPath path) {
    String image = text(container, "image");
    if (image.isEmpty()) {
      causes.required(path.child("image"));
    } else if (!image.equals(image.strip())) {
      causes.invalid(path.child("image"), image, "must not have leading or trailing whitespace");
    }
  }

  /** An init container runs to its end, unless it is restarted beside the others. */
  private void init(ObjectNode container, FieldPath path) {
    if (text(container, "restartPolicy").equals("Always")) {
      return;
    }
    for (String hook : HOOKS) {
      if (!absent(container, hook)) {
        causes.forbidden(
            path.child(hook), "may not be set for init containers without restartPolicy=Always");
      }
    }
  }

  private void resizing(ObjectNode container, FieldPath path) {
    Checks.unique(at(container, "resizePolicy"), path, "resourceName", causes);
    int i = 0;
    for (ObjectNode policy : objects(container, "resizePolicy")) {
      new Checks(policy, path.index(i++), causes)
          .oneOf("resourceName", List.of("cpu", "memory"))
          .required("restartPolicy");
    }
  }

  private void ports(ObjectNode container, FieldPath path) {
    boolean hostNetwork = at(spec, "hostNetwork").booleanValue();
    int i = 0;
    for (ObjectNode port : objects(container, "ports")) {
      FieldPath item = path.index(i++);
      Checks checks = new Checks(port, item, causes);
      if (port.path("containerPort").intValue() == 0) {
        causes.required(item.child("containerPort"));
      } else {
        checks.port("containerPort");
      }
      checks.name("name", Names::portName).port("hostPort").required("protocol");
      // A template may leave it out: its pods get it by default.
      if (hostNetwork
          && !absent(port, "hostPort")
          && !at(port, "hostPort").equals(at(port, "containerPort"))) {
        causes.invalid(
            item.child("hostPort"),
            at(port, "hostPort"),
            "must match `containerPort` when `hostNetwork` is true");
      }
      hostPort(port, item);
      if (!empty(port, "hostIP")) {
        Addresses.ip(item.child("hostIP"), text(port, "hostIP"), causes);
      }
    }
    Checks.unique(at(container, "ports"), path, "name", causes);
  }

  private void hostPort(ObjectNode port, FieldPath path) {
    if (absent(port, "hostPort")) {
      return;
    }
    String use =
        String.join("/", text(port, "protocol"), text(port, "hostIP"), text(port, "hostPort"));
    if (!hostPorts.add(use)) {
      causes.duplicate(path.child("hostPort"), use);
    }
  }
}
