package dev.shiplog.streams.controllers.pod;

import dev.shiplog.streams.kit.KubernetesJson;
import dev.shiplog.streams.kit.Owners;
import dev.shiplog.streams.kit.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;

/** Pods made of the template of their controller. */
public final class PodTemplates {

  private PodTemplates() {}

  /** A pod of the template that is controlled by its owner, in the owner's namespace. */
  public static Pod pod(
      PodTemplateSpec template, ResourceType<?> ownerType, HasMetadata owner, String name) {
    ObjectMeta from = template.getMetadata() == null ? new ObjectMeta() : template.getMetadata();
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withGenerateName(owner.getMetadata().getName() + "-")
        .withNamespace(owner.getMetadata().getNamespace())
        .withLabels(from.getLabels())
        .withAnnotations(from.getAnnotations())
        .withFinalizers(from.getFinalizers())
        .withOwnerReferences(Owners.controllerReference(ownerType, owner))
        .endMetadata()
        .withSpec(template.getSpec())
        .build();
  }

  /** A copy that can be changed. */
  public static PodTemplateSpec copy(PodTemplateSpec template) {
    return KubernetesJson.read(KubernetesJson.tree(template), PodTemplateSpec.class);
  }
}
