# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Keys of configurations that cannot change the features, grouped by reason."""

# The readers of a configuration, and bookkeeping.
_NAMES = (
    "feature_extractor_type",
    "processor_class",
    "image_processor_type",
    "video_processor_type",
    "tokenizer_class",
    "model_type",
    "auto_map",
    "transformers_version",
    "_name_or_path",
    "_commit_hash",
    "return_tensors",
    "language_code",
    "tokens",
    "sub_processors",
)

# Properties of the batch, not of the features: `sonogram.batch` always returns the mask. If an
# extractor pads before it computes, its own function reads the padding value.
_BATCH = ("return_attention_mask", "padding_value", "padding_side")

# Models that see images too: their processors share one file.
_PICTURES = (
    "crop_size",
    "data_format",
    "device",
    "disable_grouping",
    "do_center_crop",
    "do_convert_rgb",
    "do_pad",
    "do_rescale",
    "do_resize",
    "dynamic_hd",
    "default_to_square",
    "image_mean",
    "image_seq_length",
    "image_size",
    "image_std",
    "image_token",
    "input_data_format",
    "max_pixels",
    "merge_size",
    "min_pixels",
    "num_img_tokens",
    "pad_size",
    "patch_size",
    "resample",
    "rescale_factor",
    "size",
    "size_divisor",
    "temporal_patch_size",
    "audio_seq_length",
    "audio_token",
)

HF = frozenset(_NAMES + _BATCH + _PICTURES)

# NeMo: the class, and keys that act only in training or no longer at all.
NEMO = frozenset(
    (
        "_target_",
        "cls",
        "rng",
        "dither",
        "nb_augmentation_prob",
        "nb_max_freq",
        "use_torchaudio",
        "stft_conv",
        "stft_exact_pad",
    )
)

# Kaldi: logging, output and memory. The caller selects channels: every channel is an item.
KALDI = frozenset(
    (
        "verbose",
        "print-args",
        "config",
        "help",
        "debug-mel",
        "output-format",
        "compress",
        "compression-method",
        "write-utt2dur",
        "max-feature-vectors",
        "channel",
    )
)

# HiFi-GAN, BigVGAN: the network, its training and the loss.
HIFIGAN = frozenset(
    (
        "resblock",
        "num_gpus",
        "batch_size",
        "learning_rate",
        "adam_b1",
        "adam_b2",
        "lr_decay",
        "seed",
        "upsample_rates",
        "upsample_kernel_sizes",
        "upsample_initial_channel",
        "resblock_kernel_sizes",
        "resblock_dilation_sizes",
        "resblock_initial_channel",
        "segment_size",
        "num_freq",
        "num_workers",
        "dist_config",
        "model_in_dim",
        "activation",
        "snake_logscale",
        "use_tanh_at_final",
        "use_bias_at_final",
        "resolutions",
        "mpd_reshapes",
        "use_spectral_norm",
        "discriminator_channel_mult",
        "use_mel_loss",
        "use_multiscale_melloss",
        "lambda_melloss",
        "clip_grad_norm",
        "use_cqtd_instead_of_mrd",
        "cqtd_filters",
        "cqtd_max_filters",
        "cqtd_filters_scale",
        "cqtd_dilations",
        "cqtd_hop_lengths",
        "cqtd_n_octaves",
        "cqtd_bins_per_octaves",
        "fmax_for_loss",
        "normalize_volume",
        "n_cache_reuse",
        "fine_tuning",
    )
)
