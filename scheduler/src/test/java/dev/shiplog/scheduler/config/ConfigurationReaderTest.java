package dev.shiplog.scheduler.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.shiplog.scheduler.framework.BindingPlugins;
import dev.shiplog.scheduler.framework.CandidateLimits;
import dev.shiplog.scheduler.framework.Plugin;
import dev.shiplog.scheduler.framework.Profile;
import dev.shiplog.scheduler.framework.Profile.Weighted;
import dev.shiplog.scheduler.plugins.DefaultProfile;
import dev.shiplog.scheduler.queue.BackOff;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationReaderTest {

  private static final String HEAD =
      "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

  private final ConfigurationReader reader = new ConfigurationReader(List.of());

  private SchedulerConfiguration read(String yaml) {
    return reader.read(HEAD + yaml);
  }

  private Profile profile(String yaml) {
    return read("profiles:\n- " + yaml.strip().replace("\n", "\n  ")).profiles().getFirst();
  }

  private static Map<String, Integer> scores(Profile profile) {
    Map<String, Integer> weights = new TreeMap<>();
    profile.shapeScores().forEach(score -> put(score, weights));
    profile.clusterScores().forEach(score -> put(score, weights));
    return weights;
  }

  private static void put(Weighted<? extends Plugin> score, Map<String, Integer> weights) {
    weights.put(score.plugin().name(), score.weight());
  }

  private static List<String> filters(Profile profile) {
    return Stream.concat(profile.shapeFilters().stream(), profile.clusterFilters().stream())
        .map(Plugin::name)
        .toList();
  }

  @Test
  void withoutAConfigurationKubernetesDefaultsHold() {
    Profile profile = reader.byDefault().profiles().getFirst();
    Profile expected = DefaultProfile.create();
    assertThat(filters(profile)).containsExactlyElementsOf(filters(expected));
    assertThat(scores(profile)).isEqualTo(scores(expected));
    assertThat(profile.preempts()).isTrue();
    assertThat(profile.schedulerName()).isEqualTo("default-scheduler");
    assertThat(reader.byDefault().backOff()).isEqualTo(BackOff.DEFAULT);
  }

  @Test
  void severalSchedulersAreSeveralProfiles() {
    SchedulerConfiguration configuration =
        read("podInitialBackoffSeconds: 2\nprofiles:\n- schedulerName: a\n- schedulerName: b\n");
    assertThat(configuration.profiles())
        .extracting(Profile::schedulerName)
        .containsExactly("a", "b");
    assertThat(configuration.backOff()).isEqualTo(new BackOff(2_000, 10_000));
  }

  @Test
  void scoresAreTurnedOffAndWeighedAnew() {
    Profile profile =
        profile(
            """
            schedulerName: s
            plugins:
              score:
                disabled: [{name: '*'}]
                enabled: [{name: NodeResourcesFit, weight: 5}, {name: ImageLocality}]
            """);
    assertThat(scores(profile)).isEqualTo(Map.of("NodeResourcesFit", 5, "ImageLocality", 1));
    assertThat(filters(profile)).contains("NodeResourcesFit", "InterPodAffinity");
  }

  @Test
  void aPluginTurnedOffAtAllPointsNeitherFiltersNorScores() {
    Profile profile =
        profile(
            """
            plugins:
              multiPoint:
                disabled: [{name: InterPodAffinity}, {name: DefaultPreemption}]
            """);
    assertThat(filters(profile)).doesNotContain("InterPodAffinity");
    assertThat(scores(profile)).doesNotContainKey("InterPodAffinity");
    assertThat(profile.preempts()).isFalse();
  }

  @Test
  void aPluginOfAnotherJarIsUsedWhereAProfileNamesIt() {
    PluginFactory factory = new EvenNodes.Factory();
    ConfigurationReader more = new ConfigurationReader(List.of(factory));
    assertThat(filters(more.byDefault().profiles().getFirst())).doesNotContain("EvenNodes");
    Profile profile =
        more.read(
                HEAD
                    + """
                    profiles:
                    - plugins: {multiPoint: {enabled: [{name: EvenNodes, weight: 7}]}}
                      pluginConfig: [{name: EvenNodes, args: {label: number}}]
                    """)
            .profiles()
            .getFirst();
    assertThat(filters(profile)).contains("EvenNodes");
  }

  @Test
  void aPluginIsAskedAtThePointsWhereItIsOnAndInTheirOrder() {
    ConfigurationReader more =
        new ConfigurationReader(List.of(new Everywhere.Factory("A"), new Everywhere.Factory("B")));
    BindingPlugins plugins =
        more.read(
                HEAD
                    + """
                    profiles:
                    - plugins:
                        multiPoint: {enabled: [{name: A}, {name: B}]}
                        reserve: {enabled: [{name: B}]}
                        permit: {disabled: [{name: A}]}
                        bind: {disabled: [{name: DefaultBinder}], enabled: [{name: B}]}
                        postBind: {disabled: [{name: '*'}]}
                    """)
            .profiles()
            .getFirst()
            .binding();
    assertThat(names(plugins.reserve())).containsExactly("B", "A");
    assertThat(names(plugins.permit())).containsExactly("B");
    assertThat(names(plugins.bind())).containsExactly("B", "A");
    assertThat(plugins.postBind()).isEmpty();
  }

  private static List<String> names(List<? extends Plugin> plugins) {
    return plugins.stream().map(Plugin::name).toList();
  }

  /** Plugins may keep accounts; those of another activation would be wrong. */
  @Test
  void everyActivationHasPluginsOfItsOwn() {
    SchedulerConfiguration configuration =
        new ConfigurationReader(List.of(new Everywhere.Factory("A")))
            .read(HEAD + "profiles: [{plugins: {reserve: {enabled: [{name: A}]}}}]");
    assertThat(configuration.anew().profiles().getFirst().binding().reserve().getFirst())
        .isNotSameAs(configuration.anew().profiles().getFirst().binding().reserve().getFirst());
  }

  @Test
  void pluginsAreFoundOnTheClassPath() {
    ConfigurationReader found =
        ConfigurationReader.withPluginsOf(ConfigurationReaderTest.class.getClassLoader());
    assertThat(
            found
                .read(HEAD + "profiles: [{plugins: {filter: {enabled: [{name: EvenNodes}]}}}]")
                .profiles())
        .hasSize(1);
  }

  @Test
  void argumentsOfAllPluginsAreUnderstood() {
    Profile profile =
        profile(
            """
            pluginConfig:
            - name: NodeResourcesFit
              args:
                apiVersion: kubescheduler.config.k8s.io/v1
                kind: NodeResourcesFitArgs
                ignoredResources: [example.com/x]
                scoringStrategy:
                  type: RequestedToCapacityRatio
                  resources: [{name: cpu, weight: 3}]
                  requestedToCapacityRatio:
                    shape: [{utilization: 0, score: 0}, {utilization: 100, score: 10}]
            - name: InterPodAffinity
              args: {hardPodAffinityWeight: 100, ignorePreferredTermsOfExistingPods: true}
            - name: NodeAffinity
              args:
                addedAffinity:
                  requiredDuringSchedulingIgnoredDuringExecution:
                    nodeSelectorTerms:
                    - matchExpressions: [{key: disk, operator: In, values: [ssd]}]
            - name: PodTopologySpread
              args:
                defaultingType: List
                defaultConstraints:
                - {topologyKey: rack, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway}
            - name: NodeResourcesBalancedAllocation
              args: {resources: [{name: cpu, weight: 1}, {name: example.com/x, weight: 1}]}
            - name: DefaultPreemption
              args: {minCandidateNodesPercentage: 20, minCandidateNodesAbsolute: 5}
            - name: DynamicResources
              args: {filterTimeout: 10s}
            - name: VolumeBinding
              args: {bindTimeoutSeconds: 600}
            """);
    assertThat(filters(profile)).hasSize(13);
    assertThat(profile.preemption()).contains(new CandidateLimits(20, 5));
  }

  /** Kubernetes weighs what is turned on anew without a weight by 1, whatever it weighed before. */
  @Test
  void aScoreThatIsTurnedOnWithoutAWeightWeighsOne() {
    Profile profile =
        profile("plugins: {score: {enabled: [{name: TaintToleration}, {name: NodeAffinity}]}}");
    assertThat(scores(profile))
        .containsEntry("TaintToleration", 1)
        .containsEntry("NodeAffinity", 1)
        .containsEntry("PodTopologySpread", 2);
  }

  @Test
  void pluginsThatKubernetesHasAndThisSchedulerDoesNotMayBeTurnedOff() {
    Profile profile =
        profile(
            "plugins: {multiPoint: {disabled: [{name: GangScheduling}, {name: DynamicResources}]}}");
    assertThat(filters(profile)).doesNotContain("DynamicResources").hasSize(12);
  }

  /** From Kubernetes' documentation, and as clusters are set up with. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        clientConnection:
          kubeconfig: /etc/srv/kubernetes/kube-scheduler/kubeconfig
        """,
        """
        clientConnection: {kubeconfig: /etc/k, qps: 50.0, burst: 100, acceptContentTypes: '',
          contentType: application/vnd.kubernetes.protobuf}
        leaderElection: {leaderElect: true, leaseDuration: 15s, renewDeadline: 10s,
          retryPeriod: 2s, resourceLock: leases, resourceName: kube-scheduler,
          resourceNamespace: kube-system}
        enableProfiling: true
        enableContentionProfiling: false
        parallelism: 16
        percentageOfNodesToScore: 0
        podInitialBackoffSeconds: 1
        podMaxBackoffSeconds: 10
        profiles: []
        """,
        """
        profiles:
          - schedulerName: default-scheduler
          - schedulerName: no-scoring-scheduler
            plugins:
              preScore:
                disabled:
                - name: '*'
              score:
                disabled:
                - name: '*'
        """,
        """
        profiles:
          - plugins:
              score:
                disabled:
                - name: PodTopologySpread
                enabled:
                - name: NodeResourcesFit
                  weight: 1
        """,
        """
        percentageOfNodesToScore: 50
        profiles:
          - schedulerName: default-scheduler
            percentageOfNodesToScore: 70
            pluginConfig:
              - name: PodTopologySpread
                args:
                  defaultConstraints:
                    - maxSkew: 1
                      topologyKey: topology.kubernetes.io/zone
                      whenUnsatisfiable: ScheduleAnyway
                  defaultingType: List
        """,
        """
        profiles:
        - pluginConfig:
          - args:
              scoringStrategy:
                resources:
                - name: cpu
                  weight: 1
                type: MostAllocated
            name: NodeResourcesFit
        """,
        """
        profiles:
        - pluginConfig:
          - args:
              scoringStrategy:
                resources:
                - name: intel.com/foo
                  weight: 3
                - name: intel.com/bar
                  weight: 3
                requestedToCapacityRatio:
                  shape:
                  - utilization: 0
                    score: 0
                  - utilization: 100
                    score: 10
                type: RequestedToCapacityRatio
            name: NodeResourcesFit
        """,
        """
        profiles:
          - schedulerName: default-scheduler
          - schedulerName: foo-scheduler
            pluginConfig:
              - name: NodeAffinity
                args:
                  addedAffinity:
                    requiredDuringSchedulingIgnoredDuringExecution:
                      nodeSelectorTerms:
                      - matchExpressions:
                        - key: scheduler-profile
                          operator: In
                          values:
                          - foo
        """,
        """
        profiles:
          - pluginConfig:
              - name: VolumeBinding
                args:
                  apiVersion: kubescheduler.config.k8s.io/v1
                  kind: VolumeBindingArgs
                  bindTimeoutSeconds: 300
                  shape: [{utilization: 0, score: 0}, {utilization: 100, score: 10}]
            plugins:
              queueSort: {disabled: [{name: '*'}], enabled: [{name: PrioritySort}]}
              preFilter: {enabled: [{name: NodeResourcesFit}]}
              reserve: {enabled: [{name: VolumeBinding}]}
              preBind: {enabled: [{name: VolumeBinding}]}
        """,
      })
  void configurationsOfRealClustersAreUnderstood(String yaml) {
    assertThat(read(yaml).profiles()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          profilez: [] | profilez: unknown field
          profiles: {} | profiles: must be a list
          podMaxBackoffSeconds: 0 | podMaxBackoffSeconds: Invalid value: 0
          profiles: [{schedulerName: a}, {schedulerName: a}] | profiles[1].schedulerName: Duplicate value: "a"
          profiles: [{plugins: {score: {enabled: [{name: X}]}}}] | profiles[0].plugins.score.enabled[0].name: Invalid value: "X": no such plugin
          profiles: [{plugins: {score: {enabled: [{weight: 1}]}}}] | profiles[0].plugins.score.enabled[0].name: Required value
          profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: Best}}}]}] | profiles[0].pluginConfig[0].args.scoringStrategy.type: Unsupported value: "Best"
          profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: RequestedToCapacityRatio}}}]}] | args.scoringStrategy.requestedToCapacityRatio.shape: Required value
          profiles: [{pluginConfig: [{name: InterPodAffinity, args: {hardPodAffinityWeight: 101}}]}] | args.hardPodAffinityWeight: Invalid value: 101: must be from 0 to 100
          profiles: [{plugins: {bind: {disabled: [{name: DefaultBinder}]}}}] | profiles[0].plugins.bind: Required value: at least one bind plugin is needed
          profiles: [{plugins: {queueSort: {disabled: [{name: PrioritySort}]}}}] | profiles[0].plugins.queueSort: Invalid value: must be PrioritySort
          profiles: [{plugins: {filter: {enabled: [{name: NodePorts}, {name: NodePorts}]}}}] | profiles[0].plugins.filter.enabled[1].name: Duplicate value: "NodePorts"
          profiles: [{pluginConfig: [{name: NodePorts, args: {x: 1}}]}] | profiles[0].pluginConfig[0].args.x: unknown field
          profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultConstraints: [{topologyKey: a}]}}]}] | may be set only with defaultingType List
          profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultingType: List, defaultConstraints: [{topologyKey: a, maxSkew: 1}]}}]}] | defaultConstraints[0].whenUnsatisfiable: Required value
          profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultingType: List, defaultConstraints: [{topologyKey: a, maxSkew: 1, whenUnsatisfiable: DoNotSchedule, labelSelector: {}}]}}]}] | defaultConstraints[0].labelSelector: unknown field
          profiles: [{pluginConfig: [{name: PodTopologySpread, args: {defaultingType: List, defaultConstraints: [{topologyKey: a, maxSkew: 1, whenUnsatisfiable: DoNotSchedule}, {topologyKey: a, maxSkew: 2, whenUnsatisfiable: DoNotSchedule}]}}]}] | topologyKey: Duplicate value: "a"
          profiles: [{pluginConfig: [{name: DefaultPreemption, args: {minCandidateNodesPercentage: 0, minCandidateNodesAbsolute: 0}}]}] | args.minCandidateNodesPercentage: cannot be zero
          profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {resources: [{name: cpu, weight: 101}]}}}]}] | resources[0].weight: Invalid value: 101
          profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {ignoredResources: [7]}}]}] | args.ignoredResources[0]: must be a text
          profiles: [{pluginConfig: [{name: NodeResourcesBalancedAllocation, args: {resources: [{name: cpu, weight: 2}]}}]}] | resources[0].weight: Invalid value: 2
          profiles: [{pluginConfig: [{name: NodeAffinity, args: {addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: []}}}}]}] | nodeSelectorTerms: Required value
          profiles: [{pluginConfig: [{name: NodeAffinity, args: {addedAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Near}]}]}}}}]}] | matchExpressions[0].operator: Unsupported value: "Near"
          profiles: [{pluginConfig: [{name: NodeAffinity, args: {addedAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 200, preference: {}}]}}}]}] | preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 200
          profiles: [{pluginConfig: [{name: VolumeBinding, args: {bindTimeoutSeconds: soon}}]}] | args.bindTimeoutSeconds: Invalid value: "soon"
          profiles: [{pluginConfig: [{name: PrioritySort, args: {x: 1}}]}] | args.x: unknown field
          profiles: [{plugins: {score: {enabled: [{name: NodePorts}]}}}] | profiles[0].plugins.score.enabled[0].name: Invalid value: "NodePorts": does not take part at score
          profiles: [{plugins: {filter: {disabled: [{name: NodePort}]}}}] | profiles[0].plugins.filter.disabled[0].name: Invalid value: "NodePort": no such plugin
          profiles: [{plugins: {preScore: {enabled: [{name: X}]}}}] | profiles[0].plugins.preScore.enabled[0].name: Invalid value: "X"
          profiles: [{percentageOfNodesToScore: 101}] | profiles[0].percentageOfNodesToScore: Invalid value: 101: must be from 0 to 100
          profiles: [{schedulerName: a}, {}] | profiles[1].schedulerName: Required value
          parallelism: 0 | parallelism: Invalid value: 0
          percentageOfNodesToScore: -1 | percentageOfNodesToScore: Invalid value: -1
          podInitialBackoffSeconds: 5s | podInitialBackoffSeconds: Invalid value: "5s"
          leaderElection: {leaseDuration: 5} | leaderElection.leaseDuration: must be a text
          leaderElection: {leaseDuration: soon} | leaderElection.leaseDuration: Invalid value: "soon"
          leaderElection: {leaseDuration: 5s} | leaderElection.leaseDuration: must be greater than renewDeadline
          leaderElection: {resourceLock: endpoints} | leaderElection.resourceLock: Unsupported value: "endpoints"
          clientConnection: {qps: many} | clientConnection.qps: must be a number
          enableProfiling: maybe | enableProfiling: must be true or false
          extenders: [{urlPrefix: 'http://x'}] | extenders: Forbidden
          """)
  void whatIsWrongIsToldWithTheField(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessageContaining(message);
  }

  @Test
  void otherKindsAndBrokenTextAreRefused() {
    assertThatThrownBy(() -> reader.read("kind: Pod"))
        .hasMessageContaining("kubescheduler.config.k8s.io/v1");
    assertThatThrownBy(() -> reader.read("a: [")).isInstanceOf(InvalidConfiguration.class);
    assertThatThrownBy(() -> read("podInitialBackoffSeconds: 5\npodMaxBackoffSeconds: 3"))
        .hasMessageContaining("podMaxBackoffSeconds: Invalid value: 3: must not be less");
    assertThatThrownBy(() -> read("parallelism: 1\nparallelism: 2"))
        .isInstanceOf(InvalidConfiguration.class)
        .hasMessageContaining("parallelism");
  }
}
