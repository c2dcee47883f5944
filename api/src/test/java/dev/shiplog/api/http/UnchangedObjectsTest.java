package dev.shiplog.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shiplog.api.access.FewObjects;
import dev.shiplog.api.access.Objects;
import dev.shiplog.api.definitions.CustomResources;
import dev.shiplog.api.schema.ResourceCatalogue;
import dev.shiplog.api.schema.ResourceType;
import dev.shiplog.api.store.DerivedObject;
import dev.shiplog.api.store.StoredObject;
import dev.shiplog.topics.record.Json;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** What is served of custom resources whose schema may ask for more than is stored. */
class UnchangedObjectsTest {

  private final Encoder encoder = new Encoder(InstantSource.system());

  /** Tells how often it was read. */
  private static final class Counted implements DerivedObject {

    private final StoredObject object;
    private final byte[] bytes;
    private int reads;

    Counted(String spec) {
      object =
          Objects.stored(
              AdmissionApi.json(
                  "{'apiVersion':'sea.example.com/v1','kind':'Ship','metadata':{'name':'a'},'spec':{%s}}"
                      .formatted(spec)));
      bytes = object.bytes();
    }

    @Override
    public StoredObject object() {
      return object;
    }

    @Override
    public byte[] bytes() {
      return bytes;
    }

    @Override
    public ObjectNode tree() {
      reads++;
      return object.tree();
    }
  }

  /** Ships, each with a flag. */
  private static ResourceType ships(String flag) {
    FewObjects objects = new FewObjects();
    objects.put(
        AdmissionApi.json(
            """
            {'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition',
             'metadata':{'name':'ships.sea.example.com','uid':'u','generation':1},
             'spec':{'group':'sea.example.com','scope':'Cluster',
              'names':{'plural':'ships','kind':'Ship'},
              'versions':[{'name':'v1','served':true,'storage':true,'schema':{'openAPIV3Schema':
               {'type':'object','properties':{'spec':{'type':'object','properties':{
                'flag':{'type':'string','default':'%s'}}}}}}}]},
             'status':{'acceptedNames':{'plural':'ships','kind':'Ship'},
              'conditions':[{'type':'Established','status':'True'}]}}
            """
                .formatted(flag)));
    return new CustomResources(ResourceCatalogue.builtIn(), () -> objects, null)
        .get()
        .find("sea.example.com", "v1", "ships")
        .orElseThrow();
  }

  private String served(ResourceType type, StoredObject object) {
    return new String(encoder.object(type, object, Representation.JSON), StandardCharsets.UTF_8);
  }

  @Test
  void anObjectThatIsServedAsItIsStoredIsLookedAtOnce() {
    ResourceType ships = ships("white");
    Counted ship = new Counted("'flag':'red'");
    for (int i = 0; i < 5; i++) {
      assertThat(encoder.object(ships, ship, Representation.JSON)).isEqualTo(ship.bytes());
    }
    assertThat(ship.reads).isEqualTo(1);
  }

  @Test
  void oneThatLacksADefaultIsCompletedForEachReader() {
    ResourceType ships = ships("white");
    Counted ship = new Counted("");
    for (int i = 0; i < 5; i++) {
      assertThat(served(ships, ship)).contains("\"flag\":\"white\"");
    }
    assertThat(Json.read(ship.bytes(), ObjectNode.class).path("spec").has("flag")).isFalse();
  }

  @Test
  void aChangedDefinitionIsAReasonToLookAgain() {
    Counted ship = new Counted("'flag':'red'");
    assertThat(served(ships("white"), ship)).contains("red");
    assertThat(served(ships("blue"), ship)).contains("red");
    assertThat(ship.reads).isEqualTo(2);
  }
}
