/** Says that what one sees is no longer fresh, and what to do. The page goes on asking and mends itself. */
export function ConnectionBanner({ lost }: { lost: boolean }) {
  return (
    <div role="alert" className={lost ? 'banner' : 'banner-none'}>
      {lost && (
        <>
          <strong>Hallpass does not answer.</strong> What you see may be old. Start it again with{' '}
          <code>npm start</code>; this page reconnects by itself.
        </>
      )}
    </div>
  );
}
