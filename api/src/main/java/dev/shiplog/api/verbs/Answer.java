package dev.shiplog.api.verbs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.request.Continuation;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.store.StoredObject;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a verb answers. */
public sealed interface Answer {

  /**
   * An object as it is stored.
   *
   * @param code HTTP status
   * @param committed revision of the change that was made; 0 if none was
   * @param warnings texts for {@code Warning} headers
   */
  record Stored(
      int code, ResourceType type, StoredObject object, long committed, List<String> warnings)
      implements Answer {

    public Stored {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * A tree that was made for this answer: a subresource, a review, a Status.
   *
   * @param code HTTP status
   * @param committed revision of the change that was made; 0 if none was
   * @param warnings texts for {@code Warning} headers
   */
  record Made(int code, ObjectNode object, long committed, List<String> warnings)
      implements Answer {

    public Made {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Objects of a resource as one state has them.
   *
   * @param revision the state's
   * @param continuation where to go on, if there is more
   * @param remaining how many more there are, if that is known
   */
  record Listing(
      ResourceType type,
      List<StoredObject> objects,
      long revision,
      Optional<Continuation> continuation,
      OptionalLong remaining)
      implements Answer {}
}
