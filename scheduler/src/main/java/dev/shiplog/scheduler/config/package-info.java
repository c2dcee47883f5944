/**
 * The scheduler's configuration, in the format of kube-scheduler: {@code
 * KubeSchedulerConfiguration} of {@code kubescheduler.config.k8s.io/v1}.
 */
package dev.shiplog.scheduler.config;
