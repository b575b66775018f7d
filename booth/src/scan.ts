/** Reading a code with the camera: by the browser where it can, else by a decoder that is loaded only now. */

type Decode = (video: HTMLVideoElement) => Promise<string | null>;

interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface DetectorClass {
  new (options: { readonly formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

async function decoder(): Promise<Decode> {
  const own = (globalThis as { readonly BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (own && (await own.getSupportedFormats()).includes('qr_code')) {
    const detector = new own({ formats: ['qr_code'] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  const { default: jsQR } = await import('jsqr');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return (video) => {
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    if (!context || canvas.width === 0) return Promise.resolve(null);
    context.drawImage(video, 0, 0);
    const { data, width, height } = context.getImageData(0, 0, canvas.width, canvas.height);
    return Promise.resolve(jsQR(data, width, height, { inversionAttempts: 'dontInvert' })?.data ?? null);
  };
}

export interface Scan {
  readonly video: HTMLVideoElement;
  /** The first code that is seen; null when it was stopped. */
  readonly code: Promise<string | null>;
  readonly stop: () => void;
}

/** Opens the camera. Pictures stay in this page's memory. Throws where there is no camera, or no leave to use it. */
export async function startScan(): Promise<Scan> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  let running = true;
  const stop = (): void => {
    running = false;
    for (const track of stream.getTracks()) track.stop();
  };
  const look = async (): Promise<string | null> => {
    await video.play();
    const decode = await decoder();
    while (running) {
      const code = await decode(video);
      if (code) return code;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    return null;
  };
  return { video, code: look().finally(stop), stop };
}
