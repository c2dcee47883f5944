package dev.shiplog.e2e;

import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What the soak makes: applications with everything a pod can have, and pods that end. Pure. */
final class SoakObjects {

  /** One process, so that whoever kills it ends the container. */
  private static final String SERVER =
      "mkdir -p /tmp/www; echo $VERSION > /tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www";

  private SoakObjects() {}

  /** A Deployment, its Service, and perhaps a claim, all of one name. */
  static List<HasMetadata> application(String name, int replicas, Random random) {
    List<HasMetadata> objects = new ArrayList<>();
    boolean claims = random.nextInt(3) == 0;
    if (claims) {
      objects.add(claim(name));
    }
    objects.add(
        new ServiceBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .withSelector(Map.of("app", name))
            .addNewPort()
            .withPort(80)
            .withTargetPort(new IntOrString(8080))
            .endPort()
            .endSpec()
            .build());
    objects.add(deployment(name, replicas, claims, random));
    return objects;
  }

  private static HasMetadata claim(String name) {
    return new PersistentVolumeClaimBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOnce")
        .withNewResources()
        .withRequests(Map.of("storage", new Quantity("10Mi")))
        .endResources()
        .endSpec()
        .build();
  }

  private static Deployment deployment(String name, int replicas, boolean claims, Random random) {
    List<Volume> volumes = volumes(name, claims, random);
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withReplicas(replicas)
        .withNewSelector()
        .withMatchLabels(Map.of("app", name))
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(Map.of("app", name))
        .endMetadata()
        .withSpec(
            new PodSpecBuilder()
                .withTerminationGracePeriodSeconds((long) random.nextInt(4))
                .withVolumes(volumes)
                .withContainers(server(volumes, random).build())
                .build())
        .endTemplate()
        .endSpec()
        .build();
  }

  private static List<Volume> volumes(String name, boolean claims, Random random) {
    List<Volume> volumes = new ArrayList<>();
    volumes.add(
        new VolumeBuilder()
            .withName("settings")
            .withNewConfigMap()
            .withName("settings")
            .endConfigMap()
            .build());
    volumes.add(
        new VolumeBuilder()
            .withName("scratch")
            .withNewEmptyDir()
            .withMedium(random.nextBoolean() ? "Memory" : "")
            .endEmptyDir()
            .build());
    if (claims) {
      volumes.add(
          new VolumeBuilder().withName("data").withNewPersistentVolumeClaim(name, false).build());
    }
    return volumes;
  }

  private static ContainerBuilder server(List<Volume> volumes, Random random) {
    ContainerBuilder container =
        container(SERVER)
            .addNewEnv()
            .withName("VERSION")
            .withValue("0")
            .endEnv()
            .withNewReadinessProbe()
            .withNewHttpGet()
            .withPort(new IntOrString(8080))
            .withPath("/")
            .endHttpGet()
            .withPeriodSeconds(1)
            .endReadinessProbe();
    for (Volume volume : volumes) {
      container
          .addNewVolumeMount()
          .withName(volume.getName())
          .withMountPath("/volumes/" + volume.getName())
          .endVolumeMount();
    }
    if (random.nextBoolean()) {
      container
          .withNewLivenessProbe()
          .withNewExec()
          .withCommand("test", "-e", "/volumes/settings/value")
          .endExec()
          .withPeriodSeconds(2)
          .endLivenessProbe();
    }
    if (random.nextBoolean()) {
      container
          .withNewLifecycle()
          .withNewPostStart()
          .withNewExec()
          .withCommand("sh", "-c", "echo started > /volumes/scratch/started")
          .endExec()
          .endPostStart()
          .withNewPreStop()
          .withNewExec()
          .withCommand("sh", "-c", "rm /volumes/scratch/started")
          .endExec()
          .endPreStop()
          .endLifecycle();
    }
    return container;
  }

  private static ContainerBuilder container(String script) {
    return new ContainerBuilder()
        .withName("main")
        .withImage(BusyboxImage.NAME)
        .withImagePullPolicy("IfNotPresent")
        .withCommand("sh", "-c", script)
        .withNewResources()
        .withRequests(Map.of("cpu", new Quantity("5m"), "memory", new Quantity("4Mi")))
        .endResources();
  }

  /** The same with another environment: its pods are made anew. */
  static Deployment changed(Deployment deployment, String version) {
    return new DeploymentBuilder(deployment)
        .editSpec()
        .editTemplate()
        .editSpec()
        .editFirstContainer()
        .editFirstEnv()
        .withValue(version)
        .endEnv()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  /** A pod that ends after some seconds, well or not. */
  static Pod task(String name, Random random) {
    String script = "sleep " + random.nextInt(20) + "; exit " + random.nextInt(2);
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withTerminationGracePeriodSeconds(1L)
        .withRestartPolicy(random.nextBoolean() ? "Never" : "OnFailure")
        .withInitContainers(container("true").withName("first").build())
        .withContainers(container(script).build())
        .endSpec()
        .build();
  }
}
