export default 'en-US'
