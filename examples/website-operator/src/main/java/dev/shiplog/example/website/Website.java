package dev.shiplog.example.website;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;

/** What the operator looks after. */
@Group("example.com")
@Version("v1")
public class Website extends CustomResource<Website.Spec, Website.State> implements Namespaced {

  private static final long serialVersionUID = 1L;

  /** What is wanted. */
  public static final class Spec {
    public int servers;
  }

  /** What there is. */
  public static final class State {
    public int available;
  }
}
