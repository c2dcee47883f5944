package dev.shiplog.agent.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;

/** Pods for tests: small, and bound to the node. */
final class TestPods {

  private TestPods() {}

  /** A pod that is called {@code name} and has the uid {@code uid-name}. */
  static PodBuilder pod(String name, Container... containers) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(TestNode.NAMESPACE)
        .withName(name)
        .withUid(uid(name))
        .withResourceVersion("1")
        .endMetadata()
        .withNewSpec()
        .withNodeName("east")
        .withRestartPolicy("Always")
        .withTerminationGracePeriodSeconds(30L)
        .withContainers(containers)
        .endSpec();
  }

  static String uid(String podName) {
    return "uid-" + podName;
  }

  static ContainerBuilder container(String name) {
    return new ContainerBuilder()
        .withName(name)
        .withImage("example.com/" + name + ":1")
        .withImagePullPolicy("IfNotPresent");
  }

  /** A container that runs {@code drain} before it is stopped. */
  static Container drained(String name) {
    return container(name)
        .withNewLifecycle()
        .withNewPreStop()
        .withNewExec()
        .withCommand("drain")
        .endExec()
        .endPreStop()
        .endLifecycle()
        .build();
  }
}
