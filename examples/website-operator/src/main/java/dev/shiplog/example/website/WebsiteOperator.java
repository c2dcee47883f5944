package dev.shiplog.example.website;

import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Map;

/** A Deployment for every Website, and in the Website's status how many of its pods are there. */
@ControllerConfiguration
public final class WebsiteOperator implements Reconciler<Website> {

  @Override
  public List<EventSource<?, Website>> prepareEventSources(EventSourceContext<Website> context) {
    return List.of(
        new InformerEventSource<>(
            InformerEventSourceConfiguration.from(Deployment.class, Website.class).build(),
            context));
  }

  @Override
  public UpdateControl<Website> reconcile(Website website, Context<Website> context) {
    context.getClient().resource(deployment(website)).fieldManager("websites").serverSideApply();
    Website.State state = new Website.State();
    state.available =
        context
            .getSecondaryResource(Deployment.class)
            .map(Deployment::getStatus)
            .map(DeploymentStatus::getAvailableReplicas)
            .orElse(0);
    website.setStatus(state);
    return UpdateControl.patchStatus(website);
  }

  private static Deployment deployment(Website website) {
    String name = website.getMetadata().getName();
    Map<String, String> labels = Map.of("website", name);
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(website.getMetadata().getNamespace())
        .withOwnerReferences(
            new OwnerReferenceBuilder()
                .withApiVersion(website.getApiVersion())
                .withKind(website.getKind())
                .withName(name)
                .withUid(website.getMetadata().getUid())
                .withController(true)
                .build())
        .endMetadata()
        .withNewSpec()
        .withReplicas(website.getSpec().servers)
        .withNewSelector()
        .withMatchLabels(labels)
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels)
        .endMetadata()
        .withNewSpec()
        .addNewContainer()
        .withName("server")
        .withImage("example.com/server:1")
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }
}
