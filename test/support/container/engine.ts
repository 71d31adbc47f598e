import { describe, test } from '@jest/globals';
import { docker, requireEngine } from '../../../image/docker.ts';
import { imageNames } from '../../../image/names.ts';

/** The images under test: IMAGE_UNDER_TEST, or what `make image` tags. */
export interface Images {
  readonly image: string;
  /** The same with a shell. */
  readonly shell: string;
}

/**
 * Runs `suite` with the images on the engine that the docker client finds. Without an engine it is skipped and says
 * so; where one is asked for (REQUIRE_ENGINE=1) that is a failure. With an engine and without the image it fails.
 */
export function withEngine(suite: (images: Images) => void): void {
  const images = imagesUnderTest();
  const why = whyNotReady();
  if (why === undefined) {
    const missing = Object.values(images).filter((name) => docker(['images', '--quiet', name]) === '');
    if (missing.length === 0) suite(images);
    else mustHave(`there is no image ${missing.join(', ')} on this engine: run \`make image\` first`);
  } else if (process.env.REQUIRE_ENGINE === '1') mustHave(why);
  else {
    process.stderr.write(`SKIPPED: nothing was tested in containers: ${why}\n`);
    describe.skip(`SKIPPED: ${why}`, () => {
      suite(images);
    });
  }
}

function imagesUnderTest(): Images {
  const { IMAGE_UNDER_TEST = '' } = process.env;
  if (IMAGE_UNDER_TEST === '') return imageNames();
  return { image: IMAGE_UNDER_TEST, shell: `${IMAGE_UNDER_TEST}-shell` };
}

function whyNotReady(): string | undefined {
  try {
    requireEngine();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function mustHave(why: string): void {
  test('the engine and the images are there', () => {
    throw new Error(why);
  });
}
