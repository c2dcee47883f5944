package dev.shiplog.e2e;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;

/** A custom resource as an operator's author writes one down. */
@Group(Boat.GROUP)
@Version("v1")
public class Boat extends CustomResource<Boat.Spec, Boat.State> implements Namespaced {

  static final String GROUP = "operator.example.com";

  private static final long serialVersionUID = 1L;

  /** What a boat is to be. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public static final class Spec {
    public int masts;
    public String home;
  }

  /** What it is. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public static final class State {
    public int masts;
  }
}
